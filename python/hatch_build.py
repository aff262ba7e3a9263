"""Puts the program that packaging/dist has built into the wheel, and names the platform that it is for.

GWLOGS_WHEEL_PROGRAM is the program, GWLOGS_WHEEL_PLATFORM the wheel's platform tag (macosx_12_0_arm64). Installing a wheel
puts the program beside Python itself, where it is found as `gwlogs`; no compiler runs.
"""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface):
    def initialize(self, version, build_data):
        if version == "editable":
            return  # for work on the package: $GWLOGS names the program
        try:
            program = os.environ["GWLOGS_WHEEL_PROGRAM"]
            platform = os.environ["GWLOGS_WHEEL_PLATFORM"]
        except KeyError as missing:
            raise RuntimeError(f"{missing} is not set: make dist builds the wheels, each with the program in it") from None
        name = "gwlogs.exe" if platform.startswith("win") else "gwlogs"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["shared_scripts"] = {program: name}
