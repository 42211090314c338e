from workflow.models.approvals import Approval, DocumentException
from workflow.models.change_requests import ChangeRequest
from workflow.models.settings import CompanyLimits, ReleaseRule

__all__ = ["Approval", "ChangeRequest", "CompanyLimits", "DocumentException", "ReleaseRule"]
