"""What Schemathesis needs to know of this service and no schema can say. fuzz.ts sets the variables."""

import functools
import os
import re
import sys
import unicodedata
import uuid

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import Failure

URL = os.environ["FUZZ_URL"]
TOKEN = os.environ.get("FUZZ_TOKEN")
# Who must outlive the run: an administrator who deletes, demotes or locks out the caller would end it.
KEPT = os.environ["FUZZ_KEPT_IDS"].split(",")
NOBODY = str(uuid.UUID(int=0))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """
    Puts the patterns into words that Hypothesis can make values from: Python's know no `\\p{Cc}`, and of the long one
    of addresses nearly everything it makes is thrown away.
    """
    spell_out(raw_schema)
    del raw_schema["components"]["schemas"]["Email"]["pattern"]


def spell_out(node):
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        spell_out(child)
    if isinstance(node, dict) and isinstance(node.get("pattern"), str):
        node["pattern"] = re.sub(r"\\p\{(\w\w)\}", lambda found: characters_of(found[1]), node["pattern"])


@functools.cache
def characters_of(category: str) -> str:
    """A Unicode category as ranges of a character class. Surrogates cannot be sent anyway."""
    points = {point for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == category != "Cs"}
    starts = sorted(point for point in points if point - 1 not in points)
    ends = sorted(point for point in points if point + 1 not in points)
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends))


ATOM = st.text("abcxyzABCXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=20)
LABEL = st.from_regex(r"\A[A-Za-z0-9]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?\Z")
TOP = st.from_regex(r"\A[A-Za-z][A-Za-z0-9-]{0,10}[A-Za-z0-9]\Z")
ADDRESS = st.builds(
    lambda atoms, labels, top: f"{'.'.join(atoms)}@{'.'.join([*labels, top])}",
    st.lists(ATOM, min_size=1, max_size=3),
    st.lists(LABEL, min_size=1, max_size=3),
    TOP,
)
schemathesis.openapi.format("email", ADDRESS)


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
    if case.method in ("PUT", "PATCH", "DELETE") and (case.path_parameters or {}).get("user_id") in KEPT:
        case.path_parameters["user_id"] = NOBODY


@schemathesis.hook
def filter_failure(context, failure: Failure, case, response) -> bool:
    """Rules beyond the contract, each told by its problem type, may refuse what the schema allows."""
    if "positive_data_acceptance" not in failure.checks:
        return True
    problem = response.json()
    return not (is_beyond_schema(problem) or wants_guarded_properties(case, problem))


def is_beyond_schema(problem) -> bool:
    """A cursor is signed, and a password may be a common one."""
    return problem["type"] in ("/problems/invalid-cursor", "/problems/weak-password")


def wants_guarded_properties(case, problem) -> bool:
    """PUT demands `role` and `is_active` of those who may write them; a schema does not know who asks."""
    faults = problem.get("errors", [])
    pointers = {fault.get("pointer") for fault in faults if fault["code"] == "required"}
    return case.method == "PUT" and len(pointers) == len(faults) > 0 and pointers <= {"/role", "/is_active"}
