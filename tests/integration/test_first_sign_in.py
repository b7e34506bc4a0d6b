"""`signpost up` on a new installation tells how somebody gets in, and that is true."""

import re

import httpx


def test_the_first_sign_in_is_told_with_the_console_s_address_and_works(product) -> None:
    told = "\n".join(product.said)
    assert f"Console: {product.console}/" in told
    username, password = re.search(r"First sign-in: username (\S+), password (\S+)", told).groups()
    with httpx.Client(base_url=product.console, trust_env=False) as client:
        page = client.get("/sign-in")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        data = {"username": username, "password": password, "csrf_token": token}
        answer = client.post("/sign-in", data=data)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/new-password")
    assert password not in "".join(log.read_text("utf-8") for log in (product.data / "logs").glob("*.log"))
