"""A name with a version behind a slash is one name: HTTP/2 is not HTTP."""

from indexer.answer.questions import read_question, versions_joined
from tests.asking import GONE, HERE, opened
from tests.conftest import SmallRepository

HTTP = "/* Speaks HTTP to a server. */\nint http_send(void)\n{\n  return 1;\n}\n"
HTTP2 = "/* Speaks frames over one connection. */\nint http2_send(void)\n{\n  return 2;\n}\n"


def made(folder, environment, **files) -> SmallRepository:
    folder.mkdir()
    repository = SmallRepository(folder, dict(environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    for at in range(4):
        repository.commit(f"Work on HTTP {at}", {"lib/http.c": HTTP + f"/* {at} */\n"}, author=GONE)
    for path, text in files.items():
        repository.commit("Add a file", {path: text}, author=HERE)
    return repository


def test_only_a_version_is_joined():
    assert versions_joined("Is HTTP/2 or HTTP/1.1 used in src/v2 or on 24/7?") == (
        "Is HTTP2 or HTTP1 used in src/v2 or on 24/7?"
    )
    assert "http2" in read_question("How does HTTP/2 work?").terms
    assert "http2" not in read_question("How does HTTP work?").terms


def test_who_knows_http_2_is_answered_about_its_own_file(tmp_path, git_environment):
    repository = made(tmp_path / "repo", git_environment, **{"lib/http2.c": HTTP2})
    with opened(repository, tmp_path / "data") as asking:
        said = asking.said("Who knows the HTTP/2 code best?")
        plain = asking.said("Who knows the HTTP code best?")
    assert "lib/http2.c" in said
    assert "lib/http.c" not in said
    assert "lib/http.c" in plain


def test_what_only_documents_call_http_2_is_no_stranger(tmp_path, git_environment):
    text = "# Protocols\n\nHTTP/2 is off, because the proxy of the bank cannot speak it.\n"
    repository = made(tmp_path / "repo", git_environment, **{"docs/protocols.md": text})
    with opened(repository, tmp_path / "data") as asking:
        assert "the proxy of the bank cannot speak it" in asking.said("Why is HTTP/2 off?")
