"""Customers and suppliers of the demo company, invented; identifiers have right check digits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Contact:
    first_name: str
    last_name: str
    position: str = ""
    role: str = "general"


@dataclass(frozen=True, slots=True)
class Yard:
    """A further address for deliveries."""

    name: str
    street: str
    postal_code: str
    city: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``status`` empty: it follows from legal form and country; ``extra`` are further fields of the partner."""

    key: str
    name: str
    street: str
    postal_code: str
    city: str
    group: str = "LANDWIRT"
    status: str = ""
    limit: str | None = None
    term: str = "S14N30"
    price_list: str = ""
    vat_id: str = ""
    country: str = "DE"
    legal_form: str = "business"
    contacts: tuple[Contact, ...] = ()
    yards: tuple[Yard, ...] = ()
    iban: str = ""
    bill_to: str = ""
    blocked: str = ""
    customer: bool = True
    supplier: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


_C, _Y = Contact, Yard
FARMS: Final = (
    Row(
        "petersen", "Hof Petersen GbR", "Norderweg 14", "25821", "Bredstedt", limit="40000", price_list="GA",
        vat_id="DE291234563", contacts=(_C("Hauke", "Petersen", "Betriebsleiter"), _C("Inken", "Petersen", "Büro", "invoices")),
        yards=(_Y("Hof Petersen, Betrieb Süd", "Süderdeich 3", "25842", "Langenhorn"),), iban="DE57217999900004711001",
    ),
    Row(
        "jansen", "Milchhof Jansen GbR", "Osterkoog 7", "25899", "Niebüll", limit="12000", vat_id="DE291234571",
        contacts=(_C("Birte", "Jansen", "Inhaberin"),), iban="DE30217999900004711002",
    ),
    Row(
        "schaefer", "Schäferei Hansen", "Außendeich 1", "25845", "Nordstrand", status="flat_rate_farmer", limit="4000",
        term="N30", contacts=(_C("Momme", "Hansen", "Schäfer"),), extra={"tax_number": "15/290/31203"},
    ),
    Row(
        "brodersen", "Hof Brodersen OHG", "Lindenallee 22", "25917", "Leck", limit="60000", price_list="GA",
        vat_id="DE291234580", contacts=(_C("Claas", "Brodersen", "Gesellschafter"),),
        yards=(
            _Y("Hof Brodersen, Getreidehalle", "Lindenallee 24", "25917", "Leck", is_default=True),
            _Y("Hof Brodersen, Biogas", "Energieweg 1", "25923", "Süderlügum"),
        ),
    ),
    Row(
        "nissen", "Schweinezucht Nissen KG", "Kornkoog 5", "25856", "Hattstedt", limit="35000", vat_id="DE133445564",
        contacts=(_C("Telse", "Nissen", "Betriebsleiterin"), _C("Arne", "Feddersen", "Stallmeister", "deliveries")),
    ),
    Row("carstens", "Hof Carstens GbR", "Wisch 9", "25832", "Tönning", limit="25000", vat_id="DE133445572", contacts=(_C("Levke", "Carstens"),)),
    Row("carstens2", "Hof Carstens, Betriebsstätte Kating", "Katinger Watt 2", "25832", "Tönning", bill_to="carstens", contacts=(_C("Bahne", "Carstens", "Verwalter", "deliveries"),)),
    Row("thamsen", "Weidehof Thamsen", "Mitteldeich 30", "25882", "Tetenbüll", status="flat_rate_farmer", limit="6000", term="N30", contacts=(_C("Gesche", "Thamsen"),)),
    Row("andresen", "Hof Andresen", "Geestkante 11", "25885", "Wester-Ohrstedt", limit="15000", vat_id="DE133445589", contacts=(_C("Volker", "Andresen"),)),
    Row("huehner", "Legehennen Petersen GmbH", "Am Mühlenberg 4", "25860", "Horstedt", limit="18000", vat_id="DE277889905", contacts=(_C("Sönke", "Petersen", "Geschäftsführer"),)),
    Row("clausen", "Lohnunternehmen Clausen GmbH", "Gewerbering 8", "25813", "Husum", limit="45000", price_list="GA", vat_id="DE277889913", contacts=(_C("Rolf", "Clausen", "Disposition", "orders"),)),
    Row("martens", "Obsthof Martens", "Elbdeich 40", "25348", "Glückstadt", status="flat_rate_farmer", limit="5000", contacts=(_C("Antje", "Martens"),)),
    Row("ketels", "Marschhof Ketels GbR", "Koogstraat 6", "25849", "Pellworm", limit="20000", vat_id="DE277889921", contacts=(_C("Jan", "Ketels"),), extra={"carrier": "NFS"}),
    Row("paulsen", "Biohof Paulsen", "Feldscheide 2", "24975", "Husby", limit="8000", contacts=(_C("Maike", "Paulsen"),)),
    Row("ingwersen", "Pferdehof Ingwersen", "Reiterweg 17", "24986", "Mittelangeln", limit="3000", term="N30", contacts=(_C("Swantje", "Ingwersen"),)),
    Row("matthiesen", "Hof Matthiesen GbR", "Dorfstraße 51", "24885", "Sieverstedt", limit="0", term="N0", contacts=(_C("Kai", "Matthiesen"),), extra={"notes": "Nach Zahlungsverzug nur gegen Vorkasse."}),
    Row("vollertsen", "Gut Vollertsen KG", "Gutsallee 1", "24376", "Kappeln", limit="30000", vat_id="DE277889930", contacts=(_C("Henrike", "Vollertsen", "Verwaltung"),)),
    Row("boysen", "Hof Boysen", "Oland 3", "25863", "Langeneß", status="small_business", limit="1500", term="N30", contacts=(_C("Edlef", "Boysen"),)),
    Row(
        "christiansen", "Hof Christiansen", "Westerende 8", "25920", "Risum-Lindholm", limit="10000",
        blocked="Drei Rechnungen überfällig, Klärung durch die Buchhaltung", contacts=(_C("Nis", "Christiansen"),),
    ),
    Row("reimers", "Hof Reimers GbR", "Deichhof 2", "25870", "Oldenswort", limit="20000", contacts=(_C("Peer", "Reimers"),)),
)  # fmt: skip
TRADE: Final = (
    Row(
        "friedrichsen", "Landhandel Friedrichsen KG", "Bahnhofstraße 33", "24837", "Schleswig", "HANDEL", limit="50000",
        vat_id="DE817770014", contacts=(_C("Dörte", "Friedrichsen", "Einkauf", "orders"), _C("Uwe", "Lorenz", "Buchhaltung", "invoices")),
    ),
    Row(
        "geest", "Agrargenossenschaft Geest eG", "Genossenschaftsweg 1", "24887", "Silberstedt", "HANDEL", limit="80000",
        vat_id="DE817770022", term="R2", contacts=(_C("Hark", "Jessen", "Einkaufsleiter", "orders"),),
        yards=(
            _Y("Agrargenossenschaft Geest, Lager Nord", "Lagerstraße 4", "24852", "Eggebek", is_default=True),
            _Y("Agrargenossenschaft Geest, Lager Süd", "Kanalufer 12", "24768", "Rendsburg"),
        ), extra={"own_number_there": "L-20417"},
    ),
    Row("eider", "Futterkontor Eider eG", "Eiderstraße 10", "25840", "Friedrichstadt", "HANDEL", limit="40000", contacts=(_C("Wencke", "Sierks", "Einkauf", "orders"),)),
    Row("gruen", "Grünmarkt Nordsee GmbH", "Industriestraße 5", "25746", "Heide", "HANDEL", limit="15000", contacts=(_C("Torben", "Rohde", "Marktleiter"),)),
)  # fmt: skip
PUBLIC: Final = (
    Row(
        "gemeinde", "Gemeinde Nordermarsch", "Rathausplatz 1", "25813", "Nordermarsch", "KOMMUNE", legal_form="public",
        term="N30", contacts=(_C("Imke", "Sönnichsen", "Bauhof", "orders"),),
        extra={"buyer_reference": "010541-12345678-08", "invoice_format": "xrechnung", "e_address": "rechnung@nordermarsch.example", "e_address_scheme": "EM"},
    ),
    Row("schulamt", "Landesgut Versuchsstation Marsch", "Versuchsfeld 7", "25764", "Wesselburen", "KOMMUNE", legal_form="public", term="N30", contacts=(_C("Ortrun", "Behn", "Verwaltung"),), extra={"buyer_reference": "010540-7200-50"}),
)  # fmt: skip
CONSUMERS: Final = (
    Row("meier", "Karin Meier", "Gartenstraße 8", "25813", "Husum", "PRIVAT", legal_form="consumer", limit="500", term="N0"),
    Row("lueders", "Bernd Lüders", "Am Stadtweg 19", "25813", "Husum", "PRIVAT", legal_form="consumer", limit="500", term="N0"),
    Row("yilmaz", "Deniz Yilmaz", "Kirchenweg 2", "25821", "Bredstedt", "PRIVAT", legal_form="consumer", limit="500", term="N0"),
    Row("sievers", "Gudrun Sievers", "Heideweg 44", "25856", "Hattstedt", "PRIVAT", legal_form="consumer", limit="800", term="N30"),
)  # fmt: skip
_CHECKED: Final = {"vat_id_valid": True}
FOREIGN: Final = (
    Row(
        "danmark", "Vestkyst Korn A/S", "Havnevej 12", "6280", "Højer", "AUSLAND", country="DK", vat_id="DK99990007",
        limit="60000", term="N30", contacts=(_C("Mette", "Kjærgaard", "Indkøb", "orders"),),
        extra={**_CHECKED, "language": "en", "vat_id_check_reference": "BZSt-4711-01", "incoterm": "DAP", "incoterm_place": "Højer"},
    ),
    Row(
        "holland", "Noordzee Mest B.V.", "Havenkade 8", "9936", "Farmsum", "AUSLAND", country="NL", vat_id="NL812345009B01",
        limit="60000", term="N30", contacts=(_C("Sjoerd", "Hoekstra", "Inkoop", "orders"),),
        extra={**_CHECKED, "language": "en", "vat_id_check_reference": "BZSt-4711-02", "incoterm": "FCA", "incoterm_place": "Husum"},
    ),
    Row(
        "schweiz", "Alpmatten Saaten AG", "Talstrasse 21", "7304", "Maienfeld", "AUSLAND", country="CH", vat_id="CHE123450001",
        limit="20000", term="N30", contacts=(_C("Reto", "Caduff", "Einkauf", "orders"),),
        extra={"incoterm": "DAP", "incoterm_place": "Maienfeld"},
    ),
)  # fmt: skip
SUPPLIERS: Final = (
    Row("duengerwerk", "Nordsalz Düngerwerk AG", "Werkstraße 100", "26721", "Emden", "LIEFER", customer=False, supplier=True, contacts=(_C("Ralf", "Ommen", "Vertrieb"),), iban="DE03217999900004711003"),
    Row("saatzucht", "Saatzucht Angeln KG", "Zuchtgarten 3", "24392", "Süderbrarup", "LIEFER", customer=False, supplier=True, contacts=(_C("Ute", "Callsen", "Vertrieb"),), iban="DE73217999900004711004"),
    Row("kalkwerk", "Kalkwerk Kreidehügel GmbH", "Am Bruch 1", "25566", "Lägerdorf", "LIEFER", customer=False, supplier=True, iban="DE46217999900004711005"),
    Row("folien", "Folienwerk Wesermarsch GmbH", "Industrieweg 12", "26954", "Nordenham", "LIEFER", customer=False, supplier=True),
    Row("schutz", "Pflanzenschutz Großhandel Elbe GmbH", "Speicherstraße 6", "21079", "Hamburg", "LIEFER", customer=False, supplier=True),
    Row("mohr", "Ackerbau Mohr GbR", "Feldweg 1", "25764", "Wesselburen", status="flat_rate_farmer", supplier=True, limit="8000", contacts=(_C("Jochen", "Mohr"),), iban="DE19217999900004711006"),
    Row("spedition", "Nordfriesische Spedition GmbH", "Hafenstraße 40", "25813", "Husum", "LIEFER", customer=False, supplier=True),
)  # fmt: skip

PARTNERS: Final = (*FARMS, *TRADE, *PUBLIC, *CONSUMERS, *FOREIGN, *SUPPLIERS)
#: customers of the second company
SECOND_PARTNERS: Final = (
    Row("eider", "Futterkontor Eider eG", "Eiderstraße 10", "25840", "Friedrichstadt", "HANDEL", limit="20000"),
    Row("vollertsen", "Gut Vollertsen KG", "Gutsallee 1", "24376", "Kappeln", limit="15000", vat_id="DE277889930"),
    Row("ketels", "Marschhof Ketels GbR", "Koogstraat 6", "25849", "Pellworm", limit="10000", vat_id="DE277889921"),
    Row("marschland", "Marschland Agrarhandel GmbH", "Hafenstraße 2", "25813", "Husum", "HANDEL", vat_id="DE812345673", extra={"own_number_there": "L-30001"}),
)  # fmt: skip
