"""What every section of the settings is made of: forbidden strays, frozen values, secrets that may stand in files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from mailgate.errors import ConfigError


def folded(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


Addr = Annotated[str, BeforeValidator(folded), Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Secret(Section):
    """A section that logs in somewhere: the password, or the file that holds it."""

    password: SecretStr | None = Field(None, description="Password. Better: password_file.")
    password_file: Path | None = Field(None, description="File whose first line is the password.")

    def secret(self) -> str:
        """The password in clear, "" when none is set. Raises ConfigError when its file cannot be read."""
        if self.password_file is not None:
            return first_line(self.password_file)
        return self.password.get_secret_value() if self.password else ""


def first_line(path: Path) -> str:
    """The first line of a secret's file. Raises ConfigError when it cannot be read or is empty."""
    try:
        line = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the secret in {path}: {error}; make the file or correct the setting") from error
    if not line:
        raise ConfigError(f"the secret's file {path} is empty; write the secret in its first line")
    return line
