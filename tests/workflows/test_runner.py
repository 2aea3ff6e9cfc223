"""The executor of workflows does what GitHub's documents say of each thing that workflows here use."""

from typing import Final

import pytest

from tests.workflows.conftest import Publish
from tests.workflows.expressions import ExpressionError
from tests.workflows.hub import DEPENDABOT, Environment, Event, Hub
from tests.workflows.machine import Machine
from tests.workflows.results import JobRun, WorkflowRun
from tests.workflows.runner import run_workflow
from tests.workflows.steps import WorkflowError

CHECKOUT: Final = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"


def workflow(jobs: str, *, on: str = "push", more: str = "") -> str:
    """A workflow with these jobs; those that run steps need not say what is of no interest."""
    indented = "".join(f"  {line}\n" for line in jobs.splitlines())
    return f"name: Test\non: {on}\npermissions: {{}}\n{more}jobs:\n{indented}"


def job(*steps: str, key: str = "work", more: str = "", permissions: str = "{contents: read}") -> str:
    lines = [f"{key}:", "  runs-on: ubuntu-24.04", f"  permissions: {permissions}", *more.splitlines(), "  steps:"]
    return "\n".join([*lines, *(f"    - {step}" for step in steps)]) + "\n"


def push(hub: Hub, machine: Machine) -> WorkflowRun:
    return run_workflow(hub, machine, hub.push(), file="test.yml")


def one(
    publish: Publish, machine: Machine, *steps: str, more: str = "", permissions: str = "{contents: read}"
) -> JobRun:
    """The run of a workflow of one job."""
    return push(publish(test=workflow(job(*steps, more=more, permissions=permissions))), machine).one("work")


def said(run: JobRun) -> list[str]:
    return [step.said.rstrip("\n") for step in run.steps]


def test_steps_share_variables_paths_and_outputs_and_leave_a_summary(publish: Publish, machine: Machine) -> None:
    run = one(
        publish,
        machine,
        '{id: first, run: \'echo "A=1" >> "$GITHUB_ENV"; printf "o<<E\\nx\\ny\\nE\\n" >> "$GITHUB_OUTPUT"\'}',
        '{run: \'mkdir t; printf "#!/bin/sh\\necho tool" > t/tool; chmod +x t/tool; echo "$PWD/t" >> "$GITHUB_PATH"\'}',
        '{run: \'echo "$A $B"; tool; echo done >> "$GITHUB_STEP_SUMMARY"\', '
        "env: {B: '${{ steps.first.outputs.o }}'}}",
    )
    assert said(run) == ["", "", "1 x\ny\ntool"]
    assert run.summary == "done\n"
    assert run.result == "success"


def test_a_failed_step_skips_those_behind_it_but_for_those_that_ask(publish: Publish, machine: Machine) -> None:
    run = one(
        publish,
        machine,
        "{run: 'false', continue-on-error: 'true', id: soft}",
        "{run: 'exit 3'}",
        "{run: 'true'}",
        "{run: 'echo ${{ steps.soft.outcome }}', if: failure()}",
        "{run: 'true', if: always()}",
    )
    assert [(step.outcome, step.conclusion) for step in run.steps] == [
        ("failure", "success"),
        ("failure", "failure"),
        ("skipped", "skipped"),
        ("success", "success"),
        ("success", "success"),
    ]
    assert run.steps[3].said == "failure\n"
    assert run.result == "failure"


@pytest.mark.parametrize(("shell", "result"), [("", "success"), ("  defaults: {run: {shell: bash}}", "failure")])
def test_a_pipe_fails_with_any_of_its_commands_only_where_the_shell_is_named(
    publish: Publish, machine: Machine, *, shell: str, result: str
) -> None:
    assert one(publish, machine, "{run: 'false | cat'}", more=shell).result == result


def test_a_job_sees_what_those_it_needs_have_said(publish: Publish, machine: Machine) -> None:
    first = job(
        '{id: s, run: \'echo "list=[\\"a\\", \\"b\\"]" >> "$GITHUB_OUTPUT"\'}',
        key="first",
        more="  outputs: {list: '${{ steps.s.outputs.list }}'}",
    )
    second = job(
        "{run: 'echo $EACH', env: {EACH: '${{ matrix.each }}/${{ matrix.n }}'}}",
        key="second",
        more="  needs: first\n  strategy: {matrix: {each: '${{ fromJSON(needs.first.outputs.list) }}', n: [1, 2]}}",
    )
    run = push(publish(test=workflow(second + first)), machine)
    assert [said(each)[0] for each in run["second"]] == ["a/1", "a/2", "b/1", "b/2"]
    assert run.results() == {"first": ["success"], "second": 4 * ["success"]}


@pytest.mark.parametrize(("condition", "result"), [("", WorkflowError), ("  if: fromJSON('[]')[0]", "skipped")])
def test_an_empty_matrix_needs_a_guard(
    publish: Publish, machine: Machine, *, condition: str, result: "str | type[Exception]"
) -> None:
    hub = publish(
        test=workflow(
            job("{run: 'true'}", more=f"{condition}\n  strategy: {{matrix: {{x: \"${{{{ fromJSON('[]') }}}}\"}}}}")
        )
    )
    if isinstance(result, str):
        assert push(hub, machine).results() == {"work": [result]}
    else:
        with pytest.raises(result, match="does not contain any values"):
            push(hub, machine)


@pytest.mark.parametrize(("fail_fast", "last"), [("", "cancelled"), ("fail-fast: false, ", "success")])
def test_a_failed_combination_cancels_the_others_unless_told_not_to(
    publish: Publish, machine: Machine, *, fail_fast: str, last: str
) -> None:
    strategy = f"  strategy: {{{fail_fast}matrix: {{code: [0, 1, 0]}}}}"
    run = push(publish(test=workflow(job("{run: 'exit ${{ matrix.code }}'}", more=strategy))), machine)
    assert run.results() == {"work": ["success", "failure", last]}
    assert run.result == "failure"


def test_what_is_skipped_far_above_skips_all_below_that_do_not_ask(publish: Publish, machine: Machine) -> None:
    jobs = [
        job("{run: 'true'}", key="a", more="  if: false"),
        job("{run: 'true'}", key="b", more="  needs: a"),
        job("{run: 'true'}", key="c", more="  needs: a\n  if: ${{ !failure() && !cancelled() }}"),
        job("{run: 'true'}", key="d", more="  needs: c"),
        job("{run: 'echo ${{ needs.a.result }}'}", key="e", more="  needs: [a, c]\n  if: always()"),
    ]
    run = push(publish(test=workflow("".join(jobs))), machine)
    assert run.results() == {
        "a": ["skipped"],
        "b": ["skipped"],
        "c": ["success"],
        "d": ["skipped"],
        "e": ["success"],
    }
    assert said(run.one("e")) == ["skipped"]


def test_a_checkout_is_a_fresh_clone_of_the_commit(publish: Publish, machine: Machine) -> None:
    hub = publish(
        test=workflow(
            job(
                f"{{uses: {CHECKOUT}, with: {{persist-credentials: false}}}}",
                "{run: 'git rev-parse HEAD; git rev-parse --is-shallow-repository; touch left; ls'}",
                more="  strategy: {matrix: {n: [1, 2]}}",
            )
        )
    )
    event = hub.push()
    for run in run_workflow(hub, machine, event, file="test.yml")["work"]:
        assert said(run)[1].splitlines() == [event.sha, "true", "left"]


def test_artefacts_go_from_job_to_job_by_their_paths_below_the_wildcard(publish: Publish, machine: Machine) -> None:
    upload = "{uses: actions/upload-artifact@x, with: {name: '%s', path: '%s', if-no-files-found: error}}"
    make = job(
        "{run: 'mkdir -p a/b/c a/d/c; echo 1 > a/b/c/f; echo 2 > a/d/c/f'}",
        upload % ("many", "a/*/c"),
        upload % ("alone", "a/b/c/f"),
        key="make",
    )
    take = job(
        "{uses: actions/download-artifact@x, with: {name: many, path: to}}",
        "{uses: actions/download-artifact@x, with: {pattern: a*, path: apart}}",
        "{run: 'find to apart -type f | sort'}",
        key="take",
        more="  needs: make",
    )
    run = push(publish(test=workflow(make + take)), machine)
    assert said(run.one("take"))[2].splitlines() == ["apart/alone/f", "to/b/c/f", "to/d/c/f"]


def test_an_artefact_without_files_can_be_an_error(publish: Publish, machine: Machine) -> None:
    run = one(publish, machine, "{uses: actions/upload-artifact@x, with: {path: 'a/*', if-no-files-found: error}}")
    assert "No files were found" in run.said
    assert run.result == "failure"


ENVIRONMENT_JOB: Final = job(
    '{run: \'echo "$CLIENT" "${ACTIONS_ID_TOKEN_REQUEST_URL:-no token}"\'}',
    permissions="{contents: write, id-token: write}",
    more="  environment: ${{ 'prod' }}\n  env: {CLIENT: '${{ vars.CLIENT }}'}",
)


def test_an_environment_gives_its_variables(publish: Publish, machine: Machine) -> None:
    hub = publish(test=workflow(ENVIRONMENT_JOB))
    hub.environments["prod"] = Environment(vars={"CLIENT": "me"}, branches=("main",))
    run = push(hub, machine).one("work")
    assert said(run)[0].startswith("me http://127.0.0.1")
    assert run.environment == "prod"


@pytest.mark.parametrize(
    ("environment", "why"),
    [(Environment(branches=("release",)), "is not allowed to deploy"), (Environment(approved=False), "was rejected")],
)
def test_an_environment_keeps_out_branches_and_what_nobody_approves(
    publish: Publish, machine: Machine, *, environment: Environment, why: str
) -> None:
    hub = publish(test=workflow(ENVIRONMENT_JOB))
    hub.environments["prod"] = environment
    run = push(hub, machine).one("work")
    assert (run.result, run.steps) == ("failure", ())
    assert why in run.why


def test_without_the_grant_there_is_no_token_that_says_who_runs(publish: Publish, machine: Machine) -> None:
    run = one(publish, machine, "{run: 'echo \"${ACTIONS_ID_TOKEN_REQUEST_URL:-none}\"'}")
    assert said(run) == ["none"]


@pytest.mark.parametrize(("fork", "actor"), [("evil/my-platform", "mallory"), (None, DEPENDABOT)])
def test_a_stranger_gets_a_token_that_reads_and_nothing_else(
    publish: Publish, machine: Machine, *, fork: "str | None", actor: str
) -> None:
    hub = publish(test=workflow(ENVIRONMENT_JOB, on="[push, pull_request]"))
    hub.environments["prod"] = Environment(vars={"CLIENT": "me"})
    event = hub.pull_request("main", fork=fork, actor=actor)
    run = run_workflow(hub, machine, event, file="test.yml").one("work")
    assert said(run) == [" no token"]
    assert run.permissions == {"contents": "read"}
    assert list(hub.tokens.values()) == [{"contents": "read"}]


CALLED: Final = workflow(
    job(
        "{run: 'echo ${{ inputs.name }} ${{ inputs.loud }} ${{ matrix.x }}'}",
        permissions="{contents: read, id-token: write}",
        more="  strategy: {matrix: {x: '${{ fromJSON(inputs.list) }}'}}\n"
        "  concurrency: {group: '${{ inputs.name }}-${{ matrix.x }}', queue: max, cancel-in-progress: false}",
    ),
    on="\n  workflow_call:\n    inputs:\n      name: {type: string, required: true}\n"
    "      loud: {type: boolean, default: false}\n      list: {type: string, default: '[1]'}",
)
CALL: Final = "call: {uses: $/.github/workflows/called.yml, permissions: {contents: read, id-token: write}, with: {%s}}"


def test_a_called_workflow_runs_with_its_inputs(publish: Publish, machine: Machine) -> None:
    hub = publish(test=workflow(CALL % "name: x, list: '[1, 2]'"), called=CALLED)
    runs = push(hub, machine)["call / work"]
    assert [said(run) for run in runs] == [["x false 1"], ["x false 2"]]
    assert runs[0].concurrency == {"group": "x-1", "cancel-in-progress": False, "queue": "max"}


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (CALL % "list: '[1]'", "'name' is missing"),
        (CALL % "name: x, other: y", r"knows no inputs \['other'\]"),
        (CALL % "name: x, loud: maybe", "and no boolean"),
        ((CALL % "name: x").replace(", id-token: write", ""), "wants id-token: write"),
        ((CALL % "name: x").replace("$/", "./"), "nothing is known of the workflow"),
    ],
)
def test_a_wrong_call_of_a_workflow_fails(publish: Publish, machine: Machine, *, call: str, why: str) -> None:
    with pytest.raises(WorkflowError, match=why):
        push(publish(test=workflow(call), called=CALLED), machine)


@pytest.mark.parametrize(
    "wrong",
    [
        job("{run: 'echo ${{ matrix.x }}'}"),
        job("{run: 'echo ${{ steps.none.outputs.x }}'}"),
        job("{run: 'echo ${{ inputs.none }}'}"),
        job("{run: 'echo ${{ github.none }}'}"),
        job("{run: 'true', if: 'needs.none.result'}"),
        job("{run: 'true', unless: true}"),
        job("{run: 'true', shell: fish}"),
        job("{run: 'true'}", more="  if: matrix.x"),
        job("{run: 'true'}", more="  continue-on-error: true"),
        job("{run: 'true'}", more="  concurrency: {group: x, often: true}"),
        job("{run: 'true'}", permissions="read-all"),
        job("{run: 'true'}", more="  outputs: {x: '${{ env.X }} ${{ '}"),
    ],
)
def test_what_is_unknown_fails(publish: Publish, machine: Machine, wrong: str) -> None:
    with pytest.raises((WorkflowError, ExpressionError)):
        push(publish(test=workflow(wrong)), machine)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("{uses: someone/action@v1}", "nothing is known of the action"),
        (f"{{uses: {CHECKOUT}, with: {{persist-credentials: false, sparse: x}}}}", "nothing is known of the inputs"),
        (f"{{uses: {CHECKOUT}}}", "the token would stay"),
        ("{uses: databricks/setup-cli@main}", "any version"),
        ("{uses: actions/attest@x, with: {subject-path: x}}", "id-token: write"),
    ],
)
def test_an_action_that_is_unknown_or_called_wrongly_fails_its_step(
    publish: Publish, machine: Machine, *, step: str, why: str
) -> None:
    run = one(publish, machine, step)
    assert run.result == "failure"
    assert why in run.said


def test_an_event_sets_off_only_what_waits_for_it(publish: Publish, machine: Machine) -> None:
    triggers = (
        "\n  push: {branches: [release]}\n  schedule: [{cron: '0 6 * * *'}]\n"
        "  workflow_dispatch: {inputs: {to: {type: choice, options: [dev, prod], required: true}}}"
    )
    hub = publish(test=workflow(job("{run: 'echo ${{ inputs.to }}'}"), on=triggers))
    refused: list[Event] = [
        hub.push(),
        hub.schedule("1 1 * * *"),
        hub.dispatch(to="moon"),
        hub.dispatch(),
        hub.pull_request("main"),
    ]
    for event in refused:
        with pytest.raises(WorkflowError):
            run_workflow(hub, machine, event, file="test.yml")
    assert said(run_workflow(hub, machine, hub.dispatch(to="dev"), file="test.yml").one("work")) == ["dev"]
    # Nobody was asked for inputs: they are known, and empty.
    assert said(run_workflow(hub, machine, hub.schedule("0 6 * * *"), file="test.yml").one("work")) == [""]


def test_nothing_of_the_outside_reaches_a_job(
    publish: Publish, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABRICKS_TOKEN", "GH_TOKEN", "LAKEWRIGHT_WHEELS", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "outside")
    run = one(publish, machine, "{run: 'env | grep =outside || echo nothing'}", "{run: 'command -v uv || echo none'}")
    assert said(run) == ["nothing", "none"]
