FROM gcr.io/distroless/static-debian12:nonroot@sha256:aa
HEALTHCHECK NONE
ENV PIP_NO_CACHE_DIR=1
RUN pip install x
RUN set -eux; if true; then apt-get update; fi; rm -rf /var/lib/apt/lists/*
