import click

from .store import text

click.echo(text())
