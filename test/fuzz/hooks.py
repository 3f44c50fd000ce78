"""What Schemathesis needs to know of this service and no schema can say. fuzz.ts sets the variables."""

import os
import unicodedata
import uuid

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import Failure

URL = os.environ["FUZZ_URL"]
TOKEN = os.environ.get("FUZZ_TOKEN")
IS_ADMIN = "FUZZ_IS_ADMIN" in os.environ
# Who must outlive the run: an administrator who deletes, erases, demotes or locks out the caller would end it.
KEPT = os.environ["FUZZ_KEPT_IDS"].split(",")
NOBODY = str(uuid.UUID(int=0))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """
    Gives some types a format of ours in place of their pattern and lengths: an `x-pattern` is not read, addresses of just
    254 characters are looked for by throwing away all others, for minutes, and for lists of entity tags a "0" is sent as
    valid.
    """
    schemas = raw_schema["components"]["schemas"]
    for name, format in (("Email", "email"), ("PersonName", "person-name")):
        schemas[name] = {"type": schemas[name]["type"], "format": format}
    for name in ("IfMatch", "IfNoneMatch"):
        raw_schema["components"]["parameters"][name]["schema"] = {"type": "string", "format": "entity-tags"}


ATOM = st.text("abcxyzABCXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=20)
LABEL = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?", fullmatch=True)
TOP = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,10}[A-Za-z0-9]", fullmatch=True)
ADDRESS = st.builds(
    lambda atoms, labels, top: f"{'.'.join(atoms)}@{'.'.join([*labels, top])}",
    st.lists(ATOM, min_size=1, max_size=3),
    st.lists(LABEL, min_size=1, max_size=3),
    TOP,
)
INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
INSIDE = st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters=INVISIBLE)
PERSON_NAME = st.text(INSIDE, min_size=1, max_size=100).filter(
    lambda name: name == name.strip() and not unicodedata.category(name[0]).startswith("M")
)
TAG = st.from_regex(r'(W/)?"[!#-~]{0,20}"', fullmatch=True)
schemathesis.openapi.format("entity-tags", st.just("*") | st.lists(TAG, min_size=1, max_size=3).map(", ".join))
schemathesis.openapi.format("email", ADDRESS)
schemathesis.openapi.format("person-name", PERSON_NAME)


@schemathesis.serializer("application/x-ndjson", "text/csv")
def file(context, value):
    """A file to import is sent as it is; whatever it holds is a matter of its rows."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


class Bearer:
    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


if TOKEN is not None:

    @schemathesis.auth(refresh_interval=None, retry_on=[]).skip_for(operation_id="logout")
    class Caller(Bearer):
        def get(self, case, context):
            return TOKEN

    @schemathesis.auth(refresh_interval=None, retry_on=[]).apply_to(operation_id="logout")
    class Leaver(Bearer):
        """Signing out ends the session: a new one for each."""

        def get(self, case, context):
            return sign_in()["access_token"]


def sign_in():
    body = {"identifier": os.environ["FUZZ_LOGIN_NAME"], "password": os.environ["FUZZ_LOGIN_PASSWORD"]}
    answer = requests.post(f"{URL}/v1/auth/login", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method in ("POST", "PUT", "PATCH", "DELETE") and (case.path_parameters or {}).get("user_id") in KEPT:
        case.path_parameters["user_id"] = NOBODY
    if "session_id" in (case.path_parameters or {}):
        # It may have been read from the list of sessions, and be that of the run.
        case.path_parameters["session_id"] = NOBODY
    is_replacement = case.operation.method.upper() == "PUT" and case.operation.path == "/v1/users/{user_id}"
    if IS_ADMIN and is_replacement and isinstance(case.body, dict) and case.meta.generation.mode.is_positive:
        # Demanded of those who may write them; a schema does not know who asks.
        case.body = {"role": "user", "is_active": True, **case.body}


# Schemathesis takes nothing but a DELETE for the end of what was created.
erased = set()


@schemathesis.hook
def after_call(context, case, response):
    if case.operation.path.endswith("/erase") and response.status_code == 200:
        erased.add(case.path_parameters["user_id"])


@schemathesis.hook
def filter_failure(context, failure: Failure, case, response) -> bool:
    """What rules beyond the contract refuse, each with a problem type of its own, was refused rightly."""
    path = case.operation.path
    # Only who was deleted can be restored; and whoever was signed out everywhere has a list of sessions, an empty one.
    if "ensure_resource_availability" in failure.checks and path == "/v1/users/{user_id}/restore":
        return False
    if "ensure_resource_availability" in failure.checks and (case.path_parameters or {}).get("user_id") in erased:
        return False
    if "use_after_free" in failure.checks and path == "/v1/users/{user_id}/sessions":
        return False
    if "positive_data_acceptance" not in failure.checks:
        return True
    # A cursor is signed, a password may be a common one, a tag is seldom the current one and a key may come again.
    rightly = ("invalid-cursor", "weak-password", "precondition-failed", "idempotency-key-reused")
    return response.json()["type"].removeprefix("/problems/") not in rightly
