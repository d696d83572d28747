// A container's health: exit code 0 when its own service answers ready.
const url = JSON.parse(process.env.MILLRACE_SERVICE_URLS)[process.env.MILLRACE_SERVICE];
const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(4000) });
if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
