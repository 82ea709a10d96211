<?php

require __DIR__ . '/../vendor/autoload.php';

use Letters\Letter;
use Monolog\Handler\StreamHandler;
use Monolog\Logger;

$log = new Logger('letters');
$log->pushHandler(new StreamHandler('php://stderr', Logger::WARNING));
if (!isset($argv[1])) {
    $log->warning('nobody was named');
}
echo (new Letter($argv[1] ?? 'nobody', 'The weather is fine.'))->text('me');
