"""Parses files in processes of their own, so that no file can harm or hold up another."""

import multiprocessing
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from typing import TypeAlias

from pebble import ProcessExpired, ProcessPool

from corpus.archive import SourceFile
from corpus.catalog import Corrections
from corpus.errors import UnreadableFile
from corpus.prepare import ParseOptions, Prepared, prepare
from corpus.shown import shown

Job: TypeAlias = tuple[SourceFile, Corrections]

# Parsed files wait for the embedding model: some, that it never runs dry, but not all at once.
_AHEAD = 2


def prepare_all(
    jobs: Iterable[Job], options: ParseOptions, *, workers: int
) -> Iterator[tuple[SourceFile, Prepared | UnreadableFile]]:
    """Yield each file as it is done: what was read, or why it could not be."""
    waiting = iter(jobs)
    with _pool(options, workers) as pool:
        running: dict[Future[Prepared], SourceFile] = {}
        while True:
            while len(running) < workers + _AHEAD and (job := next(waiting, None)):
                future: Future[Prepared] = pool.schedule(
                    _prepare, args=job, timeout=options.limits.seconds
                )
                running[future] = job[0]
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                file = running.pop(future)
                yield file, _result(future, file, options)


def _result(
    future: "Future[Prepared]", file: SourceFile, options: ParseOptions
) -> Prepared | UnreadableFile:
    name = shown(file.name)
    try:
        return future.result()
    except UnreadableFile as error:
        return error
    except TimeoutError:
        return UnreadableFile(
            f"解析超过 {options.limits.seconds:g} 秒，已放弃：{name}（请拆分后再收录）"
        )
    except MemoryError:
        size = options.limits.memory_bytes // 2**20
        return UnreadableFile(f"解析需要的内存超过 {size} MB，已放弃：{name}（请拆分后再收录）")
    except ProcessExpired:
        return UnreadableFile(f"解析时程序异常退出，已跳过：{name}（文件可能已损坏，请另存后重试）")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        # A fault of a parser with an odd file must not stop the other files.
        return UnreadableFile(f"文件结构无法解析：{name}（{type(error).__name__}，请另存后重试）")


def _context() -> BaseContext:
    """Return how processes are started: never as copies of this one.

    A fork would copy the locks of threads that do not exist in the copy. A server without threads
    can be forked, and has what they need already: a second less for each than if it was spawned.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "corpus.preload"])
    return context


@contextmanager
def _pool(options: ParseOptions, workers: int) -> Iterator[ProcessPool]:
    pool = ProcessPool(
        max_workers=workers,
        initializer=_start,
        initargs=(options,),
        context=_context(),
    )
    try:
        yield pool
        pool.close()  # type: ignore[no-untyped-call]
    except BaseException:
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        pool.join()


if sys.platform != "win32":
    import resource

_options: ParseOptions


def _start(options: ParseOptions) -> None:
    global _options
    _options = options
    # Ctrl-C is the parent's to handle: it stops the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (options.limits.memory_bytes, hard))


def _prepare(file: SourceFile, corrections: Corrections) -> Prepared:
    return prepare(file, _options, corrections)
