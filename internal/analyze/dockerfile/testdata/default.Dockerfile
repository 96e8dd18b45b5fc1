ARG TAG
#! dockerfile-root-user dockerfile-no-healthcheck
FROM shop.example/base:${TAG}
EXPOSE 80
