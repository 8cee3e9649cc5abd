"""Every call with what its description allows and with what it forbids: no fault of ours, and every answer as described.

Half of the calls are about real things of a clinic, and some send a document that would succeed with one part replaced, so
that more is met than "not found". `UNTOWARD_FUZZ_CASES` says how many calls are made of each kind and mode.
"""

import logging
import os
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks
from tests.web.api.conftest import undone
from tests.web.api.filled import examples, key_of

from untoward.registry.roles import Role
from untoward.web.api import OPERATIONS
from untoward.web.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LOG = logging.getLogger("untoward.fuzz")
CASES = int(os.environ.get("UNTOWARD_FUZZ_CASES", "2"))
ALWAYS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
RUN = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize=CASES < 10,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_no_call_breaks_whatever_it_is_sent(north, here, looked):
    headers = {"Authorization": f"Bearer {key_of(north.users[Role.DIRECTOR], north.clinic)}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    known, made, wrong = examples(here), Counter(), {}
    for operation in (found.ok() for found in schema.get_all_operations()):
        name = operation.definition.raw["operationId"]
        for mode in GenerationMode:
            try:
                _send_some(operation, mode, known[name], headers, made)
            except (Failure, FailureGroup) as failed:
                wrong[f"{name}, {mode.value}"] = str(failed)[:1500]
    LOG.info("%d calls, by status: %s", sum(made.values()), dict(sorted(made.items())))
    assert not wrong, "\n\n".join(f"{name}: {said}" for name, said in wrong.items())
    assert set(made) >= {200, 201, 404, 422}
    assert {one.name for one in OPERATIONS.values()} == set(known)


def _send_some(operation, mode, example, headers, made):
    """Send calls of one kind; what each writes is undone."""

    @RUN
    @given(case=operation.as_strategy(generation_mode=mode), how=st.sampled_from(range(4)), part=st.randoms())
    def send(case, how, part):
        as_generated = not _made_real(case, example, how, part)
        with undone():
            response = case.call(headers=headers)
        made[response.status_code] += 1
        more = [checks.negative_data_rejection] if as_generated and mode is GenerationMode.NEGATIVE else []
        case.validate_response(response, checks=[*ALWAYS, *more], headers=headers)

    send()


def _made_real(case, example, how, part):
    """Make a case about a real thing, or let its document be one that would succeed but for a part. Whether it was changed."""
    thing, body, _query = example
    if how == 0 or (thing is None and body is None):
        return False
    if thing is not None:
        for name in case.path_parameters or {}:
            case.path_parameters[name] = str(thing)
    if how > 1 and isinstance(case.body, dict) and isinstance(body, dict):
        kept = [name for name in case.body if how == 2 and part.random() < 0.3]
        case.body = {**body, **{name: case.body[name] for name in kept}}
    return True
