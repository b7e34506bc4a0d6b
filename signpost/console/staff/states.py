"""How an account stands, in words."""

from signpost.log.models import StaffAccount


def state_of(account: StaffAccount, *, locked: bool) -> str:
    """On, off, or what keeps somebody out for now."""
    if account.disabled_at is not None:
        return "Off"
    if locked:
        return "Locked for now"
    if account.issuer is None and account.password_temporary:
        return "Has a temporary password"
    return "On"
