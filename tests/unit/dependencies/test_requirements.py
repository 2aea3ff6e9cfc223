import hashlib
import time
from collections.abc import Callable, Mapping

import pytest

from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.requirement_policy import RequirementPolicy, without_credentials
from lakewright.dependencies.requirements import IndexOption, read_requirements
from lakewright.errors.dependencies import RefusedRequirementError, RequirementError, RequirementSyntaxError

SHA256 = "sha256:" + hashlib.sha256(b"").hexdigest()


def files(contents: Mapping[str, str]) -> Callable[[str], str]:
    return contents.__getitem__


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("Requests", "requests", "Requests"),
        ("python_dateutil >= 2.8, <3", "python-dateutil", "python_dateutil<3,>=2.8"),
        ("requests[socks,security]==2.28.*", "requests", "requests[security,socks]==2.28.*"),
        ("tomli; python_version < '3.11'", "tomli", 'tomli; python_version < "3.11"'),
        ("six===1.16.0  # exactly", "six", "six===1.16.0"),
        ("zope.interface (>=5)", "zope-interface", "zope.interface>=5"),
    ],
)
def test_a_line_names_a_package(line: str, name: str, text: str) -> None:
    (asked,) = read_requirements(line, "requirements.txt").packages
    assert (asked.name, asked.text) == (name, text)


def test_hashes_are_kept_apart_from_what_is_asked_for() -> None:
    (asked,) = read_requirements(f"six==1.16.0 \\\n  --hash={SHA256} --hash {SHA256}", "r.txt").packages
    assert (asked.text, asked.hashes) == ("six==1.16.0", (SHA256, SHA256))


@pytest.mark.parametrize("wrong", ["--hash=md5:123", "--hash=sha256:12", "--hash", f"--hash={SHA256.upper()}"])
def test_a_hash_that_proves_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(RequirementSyntaxError, match=r"r\.txt:1: '.*' is no hash"):
        read_requirements(f"six {wrong}", "r.txt")


@pytest.mark.parametrize(
    "asked", ["https://a.example/six.whl", "./six-1.0-py3-none-any.whl", "six @ file:six", "git+https://a.example/six"]
)
def test_a_hash_that_nothing_would_be_compared_with_is_refused(asked: str) -> None:
    trusting = RequirementPolicy(allow_urls=True, allow_paths=True, allow_vcs=True)
    with pytest.raises(RequirementSyntaxError, match=r"r\.txt:1: this hash would not be compared\n  Write a name"):
        read_requirements(f"{asked} --hash={SHA256}", "r.txt", trusting)


REFUSED = {
    "-r other.txt": ("another file (-r)", "allow_includes"),
    "-rother.txt": ("another file (-r)", "allow_includes"),
    "--requirement=other.txt": ("another file (-r)", "allow_includes"),
    "-c other.txt": ("constraints of another file (-c)", "allow_constraints"),
    "-e .": ("an editable project (-e)", "allow_editables"),
    "--editable ./libs/a": ("an editable project (-e)", "allow_editables"),
    "-i https://evil.example/simple": ("the option -i", "allow_index_options"),
    "--index-url=https://evil.example": ("the option --index-url", "allow_index_options"),
    "--extra-index-url https://evil.example": ("the option --extra-index-url", "allow_index_options"),
    "--no-index": ("the option --no-index", "allow_index_options"),
    "-f ./wheels": ("the option -f", "allow_index_options"),
    "--find-links=./wheels": ("the option --find-links", "allow_index_options"),
    "https://evil.example/six-1.0-py3-none-any.whl": ("a package by its address", "allow_urls"),
    "six @ https://evil.example/six.whl": ("a package by its address", "allow_urls"),
    "six@https://evil.example/six.whl": ("a package by its address", "allow_urls"),
    "git+https://evil.example/six.git@main": ("a package from version control", "allow_vcs"),
    "GIT+ssh://git@evil.example/six.git": ("a package from version control", "allow_vcs"),
    "six @ git+https://evil.example/six.git": ("a package from version control", "allow_vcs"),
    "./libs/six": ("a package by its path", "allow_paths"),
    "../six": ("a package by its path", "allow_paths"),
    "/etc": ("a package by its path", "allow_paths"),
    "~/six": ("a package by its path", "allow_paths"),
    "libs/six": ("a package by its path", "allow_paths"),
    "six-1.0-py3-none-any.whl": ("a package by its path", "allow_paths"),
    "six.tar.gz": ("a package by its path", "allow_paths"),
    "C:\\six": ("a package by its path", "allow_paths"),
    "file:///etc/six": ("a package by its path", "allow_paths"),
    "six @ file:six": ("a package by its path", "allow_paths"),
    "--pre": ("the option --pre", ""),
    "--trusted-host evil.example": ("the option --trusted-host", ""),
    "--no-binary :all:": ("the option --no-binary", ""),
    "-x": ("the option -x", ""),
    "six --global-option=evil": ("the option --global-option", ""),
    "six --config-settings=a=b": ("the option --config-settings", ""),
    "six==${VERSION}": ("the variable ${VERSION}", ""),
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_that_asks_for_more_than_a_name_is_refused_with_its_place_and_the_setting(line: str) -> None:
    what, setting = REFUSED[line]
    with pytest.raises(RefusedRequirementError) as caught:
        read_requirements(f"six\n\n{line}\n", "requirements.txt")
    assert str(caught.value).startswith(f"requirements.txt:3: {what} is refused\n")
    assert caught.value.setting == setting
    assert (f"RequirementPolicy({setting}=True)" in str(caught.value)) == bool(setting)


@pytest.mark.parametrize("line", [line for line in REFUSED if REFUSED[line][1]])
def test_one_setting_allows_one_thing(line: str) -> None:
    own = REFUSED[line][1]
    others = {name: name != own for name in RequirementPolicy.__dataclass_fields__}
    with pytest.raises(RefusedRequirementError):
        read_requirements(line, "requirements.txt", RequirementPolicy(**others))


def test_index_options_that_are_allowed_are_kept_as_they_are() -> None:
    text = "-i https://a.example\n--extra-index-url=https://b.example\n--no-index\nsix"
    read = read_requirements(text, "r.txt", RequirementPolicy(allow_index_options=True))
    assert read.index_options == (
        IndexOption("-i", "https://a.example"),
        IndexOption("--extra-index-url", "https://b.example"),
        IndexOption("--no-index", ""),
    )


def test_an_address_that_is_allowed_is_kept_with_its_name() -> None:
    text = "six @ https://a.example/six-1.0-py3-none-any.whl\ngit+https://a.example/b.git"
    read = read_requirements(text, "r.txt", RequirementPolicy(allow_urls=True, allow_vcs=True))
    assert [(asked.name, asked.text) for asked in read.packages] == [
        ("six", "six @ https://a.example/six-1.0-py3-none-any.whl"),
        ("", "git+https://a.example/b.git"),
    ]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("./libs/a", "sub/libs/a"),
        ("libs/a/", "sub/libs/a"),
        ("../a", "a"),
        ("-e .", "sub"),
        ("six @ file:./six-1.0-py3-none-any.whl", "sub/six-1.0-py3-none-any.whl"),
    ],
)
def test_a_path_that_is_allowed_is_told_from_its_file_on(line: str, path: str) -> None:
    policy = RequirementPolicy(allow_paths=True, allow_editables=True)
    assert [asked.path for asked in read_requirements(line, "sub/r.txt", policy).packages] == [path]


@pytest.mark.parametrize(
    "line", ["../../a", "/etc", "~/a", "file:///etc/a", "C:\\a", "-e ../../../etc", "-r /etc/passwd"]
)
def test_no_setting_allows_a_path_out_of_the_archive(line: str) -> None:
    policy = RequirementPolicy(**dict.fromkeys(RequirementPolicy.__dataclass_fields__, True))
    with pytest.raises(RequirementError, match=r"sub/r\.txt:1: '.*' is no path inside of the archive"):
        read_requirements(line, "sub/r.txt", policy)


def test_files_that_are_included_are_read_once_even_in_a_circle() -> None:
    others = files({"a.txt": "six\n-r b.txt", "b.txt": "idna\n-r a.txt"})
    read = read_requirements("-r a.txt\n-r b.txt", "r.txt", RequirementPolicy(allow_includes=True), read=others)
    assert [(asked.name, str(asked.location)) for asked in read.packages] == [("six", "a.txt:1"), ("idna", "b.txt:1")]


def test_constraints_are_kept_apart() -> None:
    policy = RequirementPolicy(allow_constraints=True)
    read = read_requirements("six\n-c c.txt", "r.txt", policy, read=files({"c.txt": "six<2\nidna==3"}))
    assert [asked.text for asked in read.packages] == ["six"]
    assert [asked.text for asked in read.constraints] == ["six<2", "idna==3"]


def test_a_file_that_is_not_in_the_archive_is_named() -> None:
    policy = RequirementPolicy(allow_includes=True)
    with pytest.raises(RequirementError, match=r"r\.txt:1: there is no file 'other\.txt' in the archive"):
        read_requirements("-r other.txt", "r.txt", policy, read=files({}))


def test_more_files_than_anyone_writes_are_not_followed() -> None:
    policy = RequirementPolicy(allow_includes=True)
    chain = files({f"{number}.txt": f"-r {number + 1}.txt" for number in range(1000)})
    with pytest.raises(RequirementError, match="more than 100 files include each other"):
        read_requirements("-r 0.txt", "r.txt", policy, read=chain)


@pytest.mark.parametrize(
    "line", ["requests 2.0", "six>=", "==1.0", "six; python_version", "a b", "six>=1.0.0.x", "name @"]
)
def test_a_line_that_is_no_requirement_is_shown(line: str) -> None:
    with pytest.raises(RequirementSyntaxError) as caught:
        read_requirements(f"\n{line}", "requirements.txt")
    assert str(caught.value).startswith(f"requirements.txt:2: '{line}' is no requirement: ")


def test_a_password_in_a_line_is_not_shown() -> None:
    for line in ("six @ https://me:secret@a.example/six.whl extra", "https ://me:secret@a.example"):
        with pytest.raises(RequirementError) as caught:
            read_requirements(line, "r.txt", RequirementPolicy(allow_urls=True))
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("piece", ["a", "a:", ":", "a@", "a:b@", "@:"])
def test_passwords_of_a_line_without_an_end_are_hidden_in_time_that_grows_with_it_alone(piece: str) -> None:
    """With the square of its length this line would take half an hour."""
    began = time.perf_counter()
    assert without_credentials(f"{piece * 500_000} me:secret@a.example").endswith(" ****@a.example")
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("line", [":me:secret@a.example/x", "six@me:secret@a.example/x", "'me:s@cret@a.example/x'"])
def test_a_password_behind_no_scheme_is_hidden_wherever_a_word_begins(line: str) -> None:
    assert "cret" not in without_credentials(line)
    assert without_credentials(line).strip("'").endswith("@a.example/x")


def test_an_option_that_is_none_shows_no_password() -> None:
    with pytest.raises(RequirementError) as caught:
        read_requirements(f"six --hash={SHA256} https://me:secret@a.example", "r.txt")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("marker", ["os_name ~= 'posix'", "python_version ~= 'new'"])
def test_a_marker_that_compares_what_has_no_order_is_refused_with_its_place(marker: str) -> None:
    (asked,) = read_requirements(f"six; {marker}", "r.txt").packages
    with pytest.raises(RequirementSyntaxError, match=r"r\.txt:1: '.*' cannot be told: "):
        asked.counts(WheelTarget("3.12").markers)


def test_a_requirement_says_where_it_counts_and_what_it_takes() -> None:
    asked = read_requirements("six>=1.16,<2; python_version < '3.11'", "r.txt").packages[0]
    assert asked.counts({"python_version": "3.10"})
    assert not asked.counts({"python_version": "3.12"})
    assert (asked.takes("1.16.0"), asked.takes("2.0")) == (True, False)
