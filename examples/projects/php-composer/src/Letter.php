<?php

namespace Letters;

use Twig\Environment;
use Twig\Loader\ArrayLoader;

/** A letter to somebody. */
final class Letter
{
    private const TEXT = "Dear {{ name|capitalize }},\n\n{{ body }}\n\nYours, {{ from }}\n";

    public function __construct(private string $name, private string $body)
    {
    }

    public function text(string $from): string
    {
        $twig = new Environment(new ArrayLoader(['letter' => self::TEXT]));

        return $twig->render('letter', ['name' => $this->name, 'body' => $this->body, 'from' => $from]);
    }
}
