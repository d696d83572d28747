"""Client settings from a file of `name=value` lines, as librdkafka names them."""


def settings_of(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
