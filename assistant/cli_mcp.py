"""The command `mcp`: the tools for other assistants, over stdin and stdout."""

from assistant.cli_library import DataDir, open_library


def mcp(data_dir: DataDir = None) -> None:
    """以 MCP 工具供其他助手调用（标准输入输出）；网页服务的 /mcp 是同样的工具。"""
    # The protocol's library takes a second to import; only this command needs it.
    from assistant.mcp_server import build_mcp

    with open_library(data_dir) as library:
        build_mcp(library).run("stdio")
