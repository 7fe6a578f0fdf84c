"""What the documentation of Fly.io, Render and Kamal names, as far as a recipe here may need it, as JSON schemas."""

from typing import Any

TEXT, NUMBER, TRUTH = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}


def only(*required: str, **known: Any) -> dict[str, Any]:
    """An object with these keys and no others."""
    return {"type": "object", "properties": known, "required": list(required), "additionalProperties": False}


def each(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema, "minItems": 1}


def named(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": schema, "minProperties": 1}


def one_of(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
# https://fly.io/docs/reference/configuration/
FLY = only(
    "app",
    app=TEXT,
    primary_region=TEXT,
    kill_signal=TEXT,
    kill_timeout=DURATION,
    swap_size_mb=NUMBER,
    console_command=TEXT,
    build=only(dockerfile=TEXT, image=TEXT, args=named(TEXT), ignorefile=TEXT),
    deploy=only(
        strategy=one_of("rolling", "immediate", "canary", "bluegreen"),
        max_unavailable={"type": "number"},
        wait_timeout=DURATION,
        release_command=TEXT,
        release_command_timeout=DURATION,
    ),
    env=named(TEXT),
    processes=named(TEXT),
    mounts=each(only("source", "destination", source=TEXT, destination=TEXT, processes=each(TEXT))),
    http_service=only(
        "internal_port",
        internal_port=NUMBER,
        processes=each(TEXT),
        force_https=TRUTH,
        auto_stop_machines=one_of("off", "stop", "suspend"),
        auto_start_machines=TRUTH,
        min_machines_running=NUMBER,
        concurrency=only(type=one_of("connections", "requests"), soft_limit=NUMBER, hard_limit=NUMBER),
        checks=each(
            only(
                "method",
                "path",
                method=one_of("GET", "POST", "PUT", "HEAD"),
                path=TEXT,
                protocol=one_of("http", "https"),
                tls_skip_verify=TRUTH,
                interval=DURATION,
                timeout=DURATION,
                grace_period=DURATION,
                headers=named(TEXT),
            )
        ),
    ),
    metrics=only("port", "path", port=NUMBER, path=TEXT, https=TRUTH),
    restart=each(only(policy=one_of("always", "never", "on-failure"), retries=NUMBER, processes=each(TEXT))),
    vm=each(
        only(
            size=TEXT,
            memory=TEXT,
            cpu_kind=one_of("shared", "performance"),
            cpus=NUMBER,
            processes=each(TEXT),
        )
    ),
)
# A variable of Render's has one source. https://render.com/docs/blueprint-spec#environment-variables
VARIABLE = {
    "oneOf": [
        only("key", "value", key=TEXT, value=TEXT),
        only("key", "generateValue", key=TEXT, generateValue={"const": True}),
    ]
}
# What is not synced is asked for when the service is made, which a group is not: it is ignored there.
OF_SERVICE = {
    "oneOf": [
        *VARIABLE["oneOf"],
        only("key", "sync", key=TEXT, sync={"const": False}),
        only("fromGroup", fromGroup=TEXT),
    ]
}
RENDER = only(
    "services",
    services=each(
        only(
            "type",
            "name",
            "runtime",
            type=one_of("web", "worker", "pserv", "cron"),
            name=TEXT,
            runtime=one_of("docker", "image"),
            plan=TEXT,
            region=TEXT,
            numInstances=NUMBER,
            dockerCommand=TEXT,
            dockerfilePath=TEXT,
            preDeployCommand=TEXT,
            healthCheckPath=TEXT,
            domains=each(TEXT),
            maxShutdownDelaySeconds={"type": "integer", "minimum": 1, "maximum": 300},
            envVars=each(OF_SERVICE),
        )
    ),
    envVarGroups=each(only("name", "envVars", name=TEXT, envVars=each(VARIABLE))),
)
KAMAL_ENV = only(clear={"type": "object"}, secret=each(TEXT), tags={"type": "object"})
KAMAL_PROXY = only(
    host=TEXT,
    hosts=each(TEXT),
    app_port=NUMBER,
    ssl={"oneOf": [TRUTH, only("certificate_pem", "private_key_pem", certificate_pem=TEXT, private_key_pem=TEXT)]},
    ssl_redirect=TRUTH,
    forward_headers=TRUTH,
    response_timeout=NUMBER,
    healthcheck=only(path=TEXT, interval=NUMBER, timeout=NUMBER),
    buffering=only(requests=TRUTH, responses=TRUTH, max_request_body=NUMBER, max_response_body=NUMBER, memory=NUMBER),
)
# https://kamal-deploy.org/docs/configuration/overview/: "Kamal will not accept unrecognized keys".
KAMAL = only(
    *("service", "image", "registry", "builder", "servers"),
    service=TEXT,
    image=TEXT,
    labels=named(TEXT),
    volumes=each(TEXT),
    registry=only("username", "password", server=TEXT, username=TEXT, password=each(TEXT)),
    builder=only("arch", arch=TEXT, dockerfile=TEXT, args=named(TEXT), secrets=each(TEXT), sbom=TRUTH, provenance=TEXT),
    servers=named(only("hosts", hosts=each(TEXT), cmd=TEXT, options=named(TEXT), labels=named(TEXT), env=KAMAL_ENV)),
    env=KAMAL_ENV,
    proxy=KAMAL_PROXY,
    primary_role=TEXT,
    retain_containers=NUMBER,
    minimum_version=TEXT,
    readiness_delay=NUMBER,
    deploy_timeout=NUMBER,
    drain_timeout=NUMBER,
)
DOCUMENTED = {"fly.toml": FLY, "render.yaml": RENDER, "kamal.yml": KAMAL}
