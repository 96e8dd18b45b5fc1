#! dockerfile-base-latest dockerfile-base-not-pinned
FROM golang AS build
#! dockerfile-secret
ARG NPM_TOKEN=abc123
ARG NPM_TOKEN
RUN curl -sSL https://get.example/install.sh -o i.sh && sh i.sh
#! dockerfile-pipes-download-to-shell
RUN curl -sSL https://get.example/install.sh | tee x | sudo bash -s -- -y
#! dockerfile-pipes-download-to-shell
RUN bash -c "$(curl -fsSL https://get.example/i.sh)"
#! dockerfile-pipes-download-to-shell
RUN <<EOF
wget -qO- https://get.example | sh
EOF
RUN curl -s https://get.example/x.json | python3 -c "import json"
#! dockerfile-unverified-download
RUN curl -fsSLk https://x.example -o /x
#! dockerfile-unverified-download
RUN pip install --trusted-host pypi.example x

#! dockerfile-base-not-pinned dockerfile-no-healthcheck
FROM debian:12
#! dockerfile-secret
ENV DB_PASSWORD=hunter2 DB_PASSWORD_FILE=/run/secrets/x
#! dockerfile-secret
ARG GITHUB_TOKEN
ENV TOKEN=$GITHUB_TOKEN PUBLIC_KEY=abc
#! dockerfile-secret
RUN git clone https://bob:hunter2@git.example/x
#! dockerfile-unverified-download
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
#! dockerfile-copies-credential-file
COPY .env /app/
#! dockerfile-copies-credential-file
COPY ["a", "id_rsa", "/root/.ssh/"]
COPY .env.example /app/
COPY --from=build /root/.npmrc /x
#! dockerfile-add-remote
ADD https://x.example/y.tar.gz /y
ADD --checksum=sha256:aa https://x.example/y.tar.gz /y
ADD https://git.example/x.git#v1 /x
#! dockerfile-package-cache dockerfile-recommended-packages
RUN apt-get update && apt-get install -y curl
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y --no-install-recommends x
#! dockerfile-package-cache
RUN apk add curl
RUN apk add --no-cache curl
#! dockerfile-package-cache
RUN python3 -m pip install flask
RUN pip install --no-cache-dir flask
#! dockerfile-package-cache
RUN yum install -y x
RUN yum install -y x && yum clean all
#! dockerfile-setuid
RUN chmod u+s /bin/x && chmod +x /bin/y
#! dockerfile-setuid
RUN chmod 4755 /bin/x
RUN chmod 1777 /tmp && chmod -R 755 /x && chmod o+s /y
#! dockerfile-setuid
COPY --chmod=2755 a b
EXPOSE 8080 9000-9010
#! dockerfile-exposes-ssh
EXPOSE 20-25/tcp
#! dockerfile-pipes-download-to-shell
ONBUILD RUN curl https://x.example | sh
#! dockerfile-copies-credential-file
ONBUILD COPY --chown=1 .npmrc /x
USER 1000
ONBUILD USER 1000
RUN true
#! dockerfile-root-user
USER root:root
CMD ["sh"]
