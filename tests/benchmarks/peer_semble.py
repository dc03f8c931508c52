"""Run semble over one folder, in the environment that has it: questions in, ranked paths out.

Standard input: one JSON object {"folder", "model", "content": ["code", ...], "limit", "queries": [...]}.
Standard output: one JSON object {"index_seconds", "seconds": [...], "paths": [[...], ...]}.
"""

import json
import sys
import time


def main() -> None:
    from semble import SembleIndex
    from semble.types import ContentType

    job = json.load(sys.stdin)
    started = time.perf_counter()
    content = tuple(ContentType(name) for name in job["content"])
    index = SembleIndex.from_path(job["folder"], content=content, model_path=job["model"])
    report = {"index_seconds": time.perf_counter() - started, "seconds": [], "paths": []}
    for query in job["queries"]:
        started = time.perf_counter()
        results = index.search(query, top_k=job["limit"])
        report["seconds"].append(time.perf_counter() - started)
        report["paths"].append([result.chunk.file_path for result in results])
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
