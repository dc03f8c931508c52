"""What has to follow when an interface asks for more."""

from __future__ import annotations

from tests.asking import opened
from tests.conftest import SmallRepository

QUEUE = """package store

// Queue keeps what cannot be sent yet.
type Queue interface {
	Put(item []byte) error
	Close() error
}

// Disk keeps it on the disk.
type Disk struct{ path string }

func (d *Disk) Put(item []byte) error { return nil }

func (d *Disk) Close() error { return nil }

// Half has one of the two alone.
type Half struct{}

func (h *Half) Put(item []byte) error { return nil }
"""
QUEUE_TEST = """package store

type brokenQueue struct{}

func (b *brokenQueue) Put(item []byte) error { return nil }

func (b *brokenQueue) Close() error { return nil }
"""
CODEC = """package shop;

/** Turns things into bytes. */
public interface Codec {
  byte[] encode(Object thing);
}
"""
PLAIN = """package shop;

/** The plain one. */
public final class PlainCodec implements Codec {
  public byte[] encode(Object thing) {
    return thing.toString().getBytes();
  }
}
"""


def test_types_that_implement_an_interface_are_told_first(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("store") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit(
        "Begin",
        {
            "store/queue.go": QUEUE,
            "store/queue_test.go": QUEUE_TEST,
            "shop/Codec.java": CODEC,
            "shop/PlainCodec.java": PLAIN,
        },
    )
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        queue = asking.ask("What breaks if I add a method to the Queue interface?").statements[0].text
        codec = asking.ask("What breaks if I add a method to the Codec interface?").statements[0].text

    assert queue == (
        "2 types here implement `Queue`, 1 of them in tests: `Disk` (store/queue.go:10) and `brokenQueue`"
        " (store/queue_test.go:3)."
    )
    assert codec == "1 type here implements `Codec`: `PlainCodec` (shop/PlainCodec.java:4)."
