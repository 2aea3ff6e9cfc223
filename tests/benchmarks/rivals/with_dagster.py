"""Dagster in one process, with an instance on disk: retries, and the events of each task in its database."""

import tempfile

from dagster import DagsterInstance, OpDefinition, job, op

from tests.benchmarks.rivals.graph import CHAINS, LENGTH, advance, check, start


def first(chain: int) -> OpDefinition:
    @op(name=f"start_{chain}")
    def task() -> list[int]:
        return start(chain)

    return task


@op
def advance_op(numbers: list[int]) -> list[int]:
    return advance(numbers)


@job
def graph() -> None:
    for chain in range(CHAINS):
        numbers = first(chain)()
        for step in range(1, LENGTH):
            numbers = advance_op.alias(f"advance_{chain}_{step}")(numbers)


with tempfile.TemporaryDirectory() as folder:
    result = graph.execute_in_process(instance=DagsterInstance.local_temp(folder))
    check([result.output_for_node(f"advance_{chain}_{LENGTH - 1}") for chain in range(CHAINS)])
