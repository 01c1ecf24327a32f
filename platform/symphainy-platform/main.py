"""Starts the platform: `python -m symphainy-platform.main`, with this folder on PYTHONPATH."""

import logging
import os
import sys

from application import create_application
from json_log import configure_logging
from lifecycle import Lifecycle
from server import DrainingServer
from service_registry import RegistryError, load_services
from settings import SettingError, Settings


def main() -> int:
    try:
        settings = Settings.read(os.environ)
        configure_logging(settings.log_level, settings.release)
        services = load_services()
    except (SettingError, RegistryError) as error:
        print(f"symphainy-platform: {error}", file=sys.stderr)
        return 2
    lifecycle = Lifecycle()
    application = create_application(settings, services, lifecycle)
    server = DrainingServer(application, settings, lifecycle)
    server.run()
    logging.getLogger("symphainy.main").info("stopped, nothing was left in flight")
    return 0


if __name__ == "__main__":
    sys.exit(main())
