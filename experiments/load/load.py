"""One launch of the experiment: a server with the factors' threads, processes and lock, and a load.

Runs `takegil serve` with app.py and `takegil load` beside it, and prints what came of it. With
split=1 the measured load is traced, and the time of its requests is divided.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
# The values of a series that are printed: as many as tell a distribution.
MOST_VALUES = 400

factors = dict(word.split('=', 1) for word in sys.argv[1:])
takegil = ['node', sys.executable]


def start_server(options):
    """A server on a free port: its process and its address."""
    command = takegil + ['serve', 'app', '-b', '127.0.0.1:0'] + options
    server = subprocess.Popen(command, cwd=FOLDER, stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        found = re.search(r' on (http://[0-9.:]+), ', line)
        if found:
            return server, found.group(1)
        print(line, end='')
    sys.exit('the server did not start')


def load(url, seconds, connections):
    """Load the server; what `takegil load --json` tells."""
    command = takegil + ['load', url, '-c', str(connections), '-d', '%ds' % seconds, '--json']
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(answer.stdout)


def values_of(latency):
    """Values in seconds that stand for a distribution that is given by its buckets."""
    part = MOST_VALUES / max(1, latency['count'])
    values = []
    seen = 0
    for us, count in latency['buckets']:
        seen += count
        while len(values) < seen * part:
            values.append('%.7g' % (us / 1e6))
    return values


def split_of(paths):
    """Mean parts of the requests in the traces, and of the slowest hundredth."""
    requests = []
    for path in paths:
        told = subprocess.run(
            takegil + ['requests', path, '--json'], stdout=subprocess.PIPE, check=True
        )
        requests += json.loads(told.stdout)['requests']
    # The warm-up is in the traces, too.
    begin = max(request['arrivedSeconds'] for request in requests) - int(factors['seconds'])
    requests = [request for request in requests if request['arrivedSeconds'] >= begin]
    requests.sort(key=lambda request: request['totalSeconds'])
    slowest = requests[len(requests) * 99 // 100:]
    columns = {}
    for prefix, some in (('', requests), ('slow_', slowest)):
        for part in ('queue', 'waiting', 'running', 'off', 'sending'):
            mean = sum(request['parts'][part] for request in some) / max(1, len(some))
            columns['%s%s_seconds' % (prefix, part)] = mean
    return columns


def measure(options, traced, folder):
    """Serve, warm up, load: a row of columns and the latencies."""
    workers = int(factors['workers'])
    connections = int(factors['connections'])
    trace = os.path.join(folder, 'server.trace')
    if traced:
        options = options + ['--trace', trace]
    server, address = start_server(options)
    try:
        url = '%s/%s' % (address, factors['task'])
        load(url, int(factors['warmup']), connections)
        result = load(url, int(factors['seconds']), connections)
    finally:
        server.terminate()
        server.wait()
    traces = [trace] if workers == 1 else [
        os.path.join(folder, 'server.%d.trace' % (number + 1)) for number in range(workers)
    ]
    return result, split_of(traces) if traced else {}


def main():
    options = [
        '--threads', factors['threads'],
        '-w', factors['workers'],
        '--gil', factors['gil'],
    ]
    with tempfile.TemporaryDirectory() as folder:
        result, split = measure(options, factors.get('split') == '1', folder)
    failed = result['other'] + result['errors'] + result['timeouts']
    columns = {
        'requests_per_second': result['perSecond'],
        'failed_requests': failed,
        'generator_cores': result['generatorCores'],
        **split,
    }
    print('sample', *('%s=%.7g' % item for item in columns.items()))
    print('series latency_seconds', *values_of(result['latency']))


main()
