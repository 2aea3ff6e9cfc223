"""Modules with a mistake each: the line it stands on, what must be said of it, and the way out."""

from collections.abc import Mapping
from typing import Final, NamedTuple

HEADER: Final = """
import asyncio, copy, dataclasses, datetime, functools, itertools, pathlib, threading
from lakewright import *

@dataclasses.dataclass
class Holder:
    rows: object

@task
def load(month: int = 1) -> list[int]:
    return [month]

@task
def clean(rows: list[int]) -> list[int]:
    return rows

@task
def two(x: object, y: object = None) -> object:
    return x

@job
def other() -> None:
    load(1)

KEPT = []

@job
def keeper(month: int = 1) -> None:
    KEPT.extend([load(1), month])

keeper.dag

"""
HERE: Final = "  # <- here"


class Case(NamedTuple):
    """A module with the mistake on the marked line, and what must be said of it."""

    code: str
    what: str = ""
    way_out: str = ""


def body(*lines: str, parameters: str = "") -> str:
    """A job with these lines as its body."""
    return "\n".join(["@job", f"def daily({parameters}):", *(f"    {line}" for line in lines)])


def decorated(decorator: str, function: str = "def wrong() -> int: ...") -> str:
    """A function below a decorator."""
    return f"{decorator}{HERE}\n{function}"


NEEDS: Final = "Do it inside a task"
CONSTANT: Final = "Make any other value inside a task"

AT_IMPORT: Final[Mapping[str, Case]] = {
    "unknown setting of a task": Case(
        decorated("@task(retrys=2)"), "@task on 'wrong' got an unknown setting 'retrys'; did you mean 'retries'?"
    ),
    "unknown setting of a job": Case(
        decorated("@job(max_concurent_runs=2)"),
        "@job on 'wrong' got an unknown setting 'max_concurent_runs'; did you mean 'max_concurrent_runs'?",
    ),
    "wrong number": Case(
        decorated('@task(retries="two")'), "retries='two' is not a whole number, 0 or more, or a Retry"
    ),
    "wrong rule": Case(decorated('@task(run_if="all_sucess")'), "run_if='all_sucess' is not one of all_success, "),
    "wrong time": Case(decorated("@task(timeout=-1)"), "timeout=-1 is not a number of seconds above 0"),
    "wrong compute": Case(decorated('@task(compute="serverless")'), "is not exactly one of serverless(…)"),
    "two computes in one": Case(
        decorated('@task(compute=[serverless(), existing_cluster("x")])'), "is not exactly one of serverless(…)"
    ),
    "wrong manager": Case(decorated('@task(io="out.parquet")'), "io='out.parquet' is not an IoManager"),
    "wrong path of a file": Case(f'io = FileIo("out.csv"){HERE}', "the path must end with .parquet or .json"),
    "text for tags": Case(decorated('@task(tags="gold")'), "tags='gold' is not a collection of str"),
    "generated field": Case(decorated('@task(databricks={"task_key": "x"})'), "without those that are generated"),
    "wrong name": Case(decorated('@task(name="a b")'), "name='a b' may hold only letters, digits, '_' and '-'"),
    "empty name of a job": Case(decorated('@job(name="")'), "name='' must not be empty"),
    "wrong schedule": Case(decorated('@job(schedule="0 6 * * *")'), "is not one of Cron(…), Periodic(…)"),
    "wrong cron": Case(decorated('@job(schedule=Cron("0 25 * * *"))'), "'25' is no hour (0-23)"),
    "wrong tags of a job": Case(decorated('@job(tags={"a": 1})'), "tags={'a': 1} is not a dict of str to str"),
    "wrong retry": Case(decorated("@task(retries=Retry(2, delay=-1))"), "Retry: delay=-1 is not a number, 0 or more"),
    "wrong cluster": Case(
        f'cluster = job_cluster("16.4.x", "m5.large", workers=(4, 1)){HERE}', "workers=(4, 1) is not a whole number"
    ),
    "name as an argument": Case(decorated('@task("clean")'), "@task goes on a function, not on 'clean'", "Write @task"),
    "task on a class": Case(decorated("@task", "class Wrong: ..."), "@task goes on a function", "Write @task"),
    "task on a job": Case(f"task(other){HERE}", "@task goes on a function, not on <job 'other'", "Write @task"),
    "job on a task": Case(f"job(load){HERE}", "@job goes on a function, not on <task 'load'", "Write @job"),
    "coroutine": Case(decorated("@task", "async def wrong(): ..."), "a generator or coroutine, which 'wrong' is"),
    "generator": Case(decorated("@job", "def wrong():\n    yield load(1)"), "a generator or coroutine"),
    "job called": Case(f"other(){HERE}", "job 'other' is not called; its body only describes tasks", "other.run()"),
    "broken import": Case(f"import no_such_package{HERE}", "No module named 'no_such_package'"),
    "broken module": Case(f"1 / 0{HERE}", "failed: ZeroDivisionError: division by zero"),
    "handle kept and used": Case(f"len(KEPT[0]){HERE}", "the future output of task 'load' (list[int]); len()", NEEDS),
    "handle kept and passed on": Case(
        f"clean(KEPT[0]){HERE}", "task 'clean' got a task's future output outside of the job body", "give them data"
    ),
    "handle kept in a container": Case(
        f"two([{{'a': (KEPT[0],)}}]){HERE}", "task 'two' got a task's future output", "give them data"
    ),
    "after outside of a body": Case(
        f"clean.after(1){HERE}", "takes outputs of tasks of the same body, not 1", "Use it"
    ),
}

AT_TRACE: Final[Mapping[str, Case]] = {
    "loop without an end": Case(
        body("for number in itertools.count():", f"    load(number){HERE}"),
        "the body calls more than 100,000 tasks; does the loop around this call end?",
        "let a task give the list",
    ),
    "unpacking into too few": Case(
        "@task\ndef three() -> tuple[int, int, int]: ...\n" + body(f"one, other = three(){HERE}"),
        "too many values to unpack (expected 2",
    ),
    "file named by an output": Case(body(f"open(load(1)){HERE}"), "use as a path needs its value", NEEDS),
    "key of a dict": Case(body(f"two({{load(1): 1}}){HERE}"), "use as a dict key or in a set needs its value", NEEDS),
    "branch on what is no JSON": Case(
        "@task\ndef frame() -> object: ...\n" + body(f"if frame() == 1:{HERE}", "    load(1)"),
        "== needs its value",
        NEEDS,
    ),
    "repeating while an output holds": Case(
        body("rows = load(1)", f"while rows:{HERE}", "    rows = clean(rows)"),
        "`while` asks here",
        "Repeat inside of a task",
    ),
    "length": Case(body("rows = load(1)", f"len(rows){HERE}"), "'rows' is the future output of task 'load'", NEEDS),
    "sum": Case(body(f"clean(load(1) + [2]){HERE}"), "+ needs its value", NEEDS),
    "text": Case(body(f'two(f"{{load(1)}}"){HERE}'), "an f-string needs its value", NEEDS),
    "print": Case(body(f"print(load(1)){HERE}"), "str() needs its value", NEEDS),
    "column": Case(body(f'clean(load(1)["delay"]){HERE}'), "['delay'] needs its value", NEEDS),
    "method": Case(body(f"clean(load(1).filter(1)){HERE}"), ".filter needs its value", NEEDS),
    "comparison": Case(body(f"two(load(1) == [1]){HERE}"), "'load == [1]' is known only", "Branch on it"),
    "member of a set": Case(body(f"two({{load(1)}}){HERE}"), "use as a dict key or in a set needs its value", NEEDS),
    "attribute set": Case(body(f"load(1).x = 1{HERE}"), "setting an attribute needs its value", NEEDS),
    "copy": Case(body(f"copy.deepcopy(load(1)){HERE}"), "pickling or copying it needs its value", NEEDS),
    "range of a parameter": Case(
        body(f"for number in range(month):{HERE}", "    load(number)", parameters="month: int = 1"),
        "use as an index needs its value",
        "Pass 'month' to a task",
    ),
    "output of another job": Case(
        body(f"clean(KEPT[0]){HERE}"),
        "argument 'rows' is the <future output of task 'load'> of another trace than that of job 'daily'",
        "Pass data between jobs through a table or file",
    ),
    "parameter of another job": Case(
        body(f"two([KEPT[1]]){HERE}"), "argument 'x[0]' is the <job parameter 'month'> of another trace", "Pass data"
    ),
    "after a task of another job": Case(
        body(f"clean.after(KEPT[0])([1]){HERE}"),
        "is to run after the <future output",
        "Wait only for tasks of the same job",
    ),
    "after data": Case(
        body(f'clean.after("load")([1]){HERE}'), "takes outputs of tasks of the same body", "Use it inside"
    ),
    "after a task": Case(body(f"clean.after(load)([1]){HERE}"), "of the same body, not <task 'load'", "Use it inside"),
    "thread": Case(
        body(
            "errors = []",
            f"thread = threading.Thread(target=lambda: load(1)){HERE}",
            "threading.excepthook = errors.append",
        )
        + "\n    thread.start(); thread.join()",
        "task 'load' is called from a new thread while a job body is traced",
        "the runner makes them parallel",
    ),
    "job in itself": Case(
        body(f"daily(){HERE}"), "'daily' is called inside of its own body", "Repeat a task over a list"
    ),
    "pipeline in itself by another": Case(
        f"@pipeline\ndef inner():\n    outer(){HERE}\n\n@pipeline\ndef outer():\n    inner()\n\n" + body("outer()"),
        "'outer' is called inside of its own body, so its DAG would never end",
        "Repeat a task over a list",
    ),
    "argument that a job does not take": Case(
        body(f"keeper(mnth=1){HERE}"), "there is no parameter 'mnth'; did you mean 'month'?"
    ),
    "value that a job does not take": Case(
        body(f"keeper(month=[1]){HERE}"), "parameter 'month': [1] is not of type int"
    ),
    "text that a job does not take": Case(body(f"keeper('x'){HERE}"), "parameter 'month': 'x' is not of type int"),
    "handle of another body in a job": Case(
        f"@pipeline\ndef part(rows: list):\n    two(rows){HERE}\n\n" + body("part(KEPT[1])"),
        "of another trace than that of job 'daily'",
        "A handle lives only",
    ),
    "day of a job in a job": Case(
        "@pipeline\ndef dated(day: datetime.date = job_start_date()):\n    two(day)\n\n" + body(f"dated(){HERE}"),
        "pipeline 'dated' is called without 'day', which is the day on which a run of it starts",
        "Give it the day of the run around it: day=…",
    ),
    "annotation of a part": Case(
        "@pipeline\ndef part(rows: 'Nothing'):\n    two(rows)\n\n" + body(f"part(load(1)){HERE}"),
        "the annotation of 'rows' in",
        "import its type there",
    ),
    "mistake in a part": Case(
        f"@pipeline\ndef part():\n    return len(load(1)){HERE}\n\n" + body("two(part())"), "task 'part-load'", NEEDS
    ),
    "key of a part": Case(body(f'other.named("a b")(){HERE}'), "named(): 'a b' may hold only letters"),
    "run in a job": Case(body(f"other.run(){HERE}"), "job 'other' is run inside the body of job 'daily'", "Call tasks"),
    "itself": Case(body(f"daily.dag{HERE}"), "job 'daily' is used inside the body of job 'daily'", "Call tasks"),
    "set": Case(body(f"two({{1, 2}}){HERE}"), "argument 'x' is a set, which cannot be recorded", CONSTANT),
    "object": Case(body(f"two(object()){HERE}"), "argument 'x' is an object, which cannot be recorded", CONSTANT),
    "number as a key": Case(body(f"two({{1: 2}}){HERE}"), "a dict with the key 1 (int); keys must be str", CONSTANT),
    "part of an object": Case(body(f"two([Holder({{1}})]){HERE}"), "argument 'x[0].rows' is a set", CONSTANT),
    "function": Case(body(f"two(len){HERE}"), "argument 'x' is a builtin_function_or_method", CONSTANT),
    "large constant": Case(
        body(f'two("a" * 3000){HERE}'), "3,002 bytes; at most 2,048 are recorded", "Put it into a file"
    ),
    "endless constant": Case(
        body("x = []; x.append(x)", f"two(x){HERE}"), "nested too deeply, or holds itself", "one by one"
    ),
    "missing argument": Case(body(f"clean(){HERE}"), "task 'clean(rows: list[int]) -> list[int]': missing a required"),
    "unknown argument": Case(body(f"clean(row=[1]){HERE}"), "task 'clean(rows: list[int]) -> list[int]': "),
    "task that was not called": Case(
        body(f"clean(load){HERE}"), "is the task 'load' itself, not its output; did you mean load(…)?", "Call the task"
    ),
    "context of a body": Case(
        body(f"two(context().catalog){HERE}"),
        "context() is known only when a task runs, not in the body of job 'daily'",
        "Call it inside the task",
    ),
    "value of a body": Case(body(f'set_task_value("a", 1){HERE}'), "set_task_value() is known only when a task runs"),
    "error that is caught": Case(
        body("try:", f"    len(load(1)){HERE}", "except Exception:", "    load(2)"),
        "len() needs its value",
        "caught this",
    ),
    "equal keys": Case(
        body('clean.named("x")([1])', f'clean.named("x")([2]){HERE}'), "is given twice in one job", "Name one"
    ),
    "wrong key": Case(body(f'clean.named("a b")([1]){HERE}'), "key 'a b' may hold only letters"),
    "unknown option": Case(body(f"clean.options(retry=1)([1]){HERE}"), "did you mean 'retries'?"),
    "body that fails": Case(body("load(1)", f'{{}}["x"]{HERE}'), "the body of job 'daily' raised KeyError: 'x'"),
    "type that no parameter has": Case(
        f"@job{HERE}\ndef daily(x: set = frozenset()):\n    load(1)", "which no job parameter can carry", "Use str, int"
    ),
    "default of another type": Case(
        f"@job{HERE}\ndef daily(x: int = '1'):\n    load(1)", "has the default '1', which is not of type int"
    ),
    "unknown annotation": Case(
        f"@job{HERE}\ndef daily(x: 'Nowhere' = 1):\n    load(1)", "name 'Nowhere' is not defined", "TYPE_CHECKING"
    ),
    "parameters by star": Case(f"@job{HERE}\ndef daily(*days: str):\n    load(1)", "not an ordinary one", "one by one"),
    "inline manager": Case(
        "class Own(IoManager):\n    def write(self, context, value): ...\n    def read(self, context): ...\n"
        f"@task(io=Own())\ndef kept() -> int: ...\n@job\ndef daily():\n    kept(){HERE}",
        "the IO manager Own is built inline and is no dataclass",
        "Give it a name in the module",
    ),
    "two tasks of one name in a body": Case(
        body("for n in (1, 2):", "    @task", "    def inner(other: int = n) -> int: ...", f"    inner(){HERE}"),
        "two tasks that are defined inside the body have the name 'inner'",
        "pass what differs as an argument",
    ),
    "part that is not promised": Case(body(f"clean(load(1).rows){HERE}"), ".rows needs its value", NEEDS),
}

AT_RUN: Final[Mapping[str, Case]] = {
    "number as a key of an output": Case(
        "@task\ndef wrong() -> dict[int, int]:\n    return {1: 2}\n" + body(f"wrong(){HERE}"),
        "a dict with the key 1 (int); keys must be str",
        "Use str as keys",
    ),
    "tuple that nobody promised": Case(
        "@task\ndef wrong() -> object:\n    return 1, 2\n" + body(f"wrong(){HERE}"),
        "the result is a tuple",
        "Annotate the return as tuple[…]",
    ),
    "set deep in an output": Case(
        "@task\ndef wrong() -> object:\n    return {'a': [1, {2}]}\n" + body(f"wrong(){HERE}"),
        "result['a'][1] is a set",
        "Return sorted(…)",
    ),
    "wrong format of a file": Case(
        "@task(io=FileIo('out.parquet'))\ndef wrong() -> int:\n    return 1\n" + body(f"wrong(){HERE}"),
        "out.parquet holds frames",
        "end the path with .json",
    ),
    "task that fails": Case(
        "@task\ndef wrong() -> int:\n    return 1 // 0\n" + body(f"wrong(){HERE}"),
        "task 'wrong' failed: ZeroDivisionError: ",
    ),
    "part that is not there": Case(
        "@task\ndef wrong() -> dict[str, int]:\n    return {}\n" + body(f'two(wrong()["a"]){HERE}'),
        "the output of task 'wrong' has no part 'a'; it is a dict",
        "Return what the annotation of the task promises",
    ),
    "annotation for type checkers only": Case(
        "@task\ndef frame():\n    import polars\n    return polars.DataFrame()\n"
        "@task\ndef wrong(rows: 'Nowhere') -> int:\n    return 1\n" + body(f"wrong(frame()){HERE}"),
        "the annotation of 'rows' in ",
        "import its type there, not only under TYPE_CHECKING",
    ),
}
