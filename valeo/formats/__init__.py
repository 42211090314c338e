"""How Django itself writes dates and figures where no filter of ours does: in the administrator's site."""
