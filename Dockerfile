# Both services, each a target of its own, and the integration tests for scripts/test-containers:
#   docker build --target sender-service .
# Needs BuildKit (the default since Docker 23; `docker compose` uses it in any case).

FROM debian:bookworm-slim AS toolchain
COPY scripts/install-dependencies /usr/local/bin/
RUN install-dependencies

# What scripts/test-debian13 builds and tests in.
FROM debian:trixie-slim AS debian13
COPY scripts/install-dependencies /usr/local/bin/
RUN install-dependencies

FROM toolchain AS build
WORKDIR /src
ENV CCACHE_DIR=/var/cache/ccache
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY common common
COPY sender-service sender-service
COPY receiver-service receiver-service
RUN --mount=type=cache,target=/var/cache/ccache \
    cmake --preset release -DWAITING_ROOM_TESTS=OFF -DWAITING_ROOM_BENCH=OFF && \
    cmake --build --preset release --target sender-service receiver-service && \
    install -D --strip -t /out build/release/sender-service/sender-service \
        build/release/receiver-service/receiver-service

FROM build AS build-tests
COPY tests tests
RUN --mount=type=cache,target=/var/cache/ccache \
    cmake --preset release -DWAITING_ROOM_TESTS=ON -DWAITING_ROOM_BENCH=OFF && \
    cmake --build --preset release --target integration-tests && \
    install -D --strip -t /out build/release/tests/integration/integration-tests

# What both services need at run time. The user has a number and no name: nothing looks it up.
FROM debian:bookworm-slim AS runtime
RUN apt-get update -qq && \
    apt-get install -y -qq --no-install-recommends \
        libboost-json1.81.0 libboost-url1.81.0 libsqlite3-0 libssl3 && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* && \
    install -d -o 10001 -g 10001 -m 700 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM

FROM runtime AS receiver-service
ENV RECEIVER_LISTEN=0.0.0.0:8081 RECEIVER_DATABASE=sqlite:/data/receiver.db
COPY --from=build /out/receiver-service /usr/local/bin/
EXPOSE 8081
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/receiver-service", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/receiver-service"]

# The receiver calls nobody; the sender verifies https callbacks against the system's authorities. This is
# where Debian's OpenSSL looks for them; the package itself would bring the openssl program along.
FROM runtime AS sender-service
ENV SENDER_LISTEN=0.0.0.0:8080 SENDER_DATABASE=sqlite:/data/sender.db
COPY --from=toolchain /etc/ssl/certs/ca-certificates.crt /usr/lib/ssl/cert.pem
COPY --from=build /out/sender-service /usr/local/bin/
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/sender-service", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/sender-service"]

FROM runtime AS integration-tests
COPY --from=build-tests /out/integration-tests /usr/local/bin/
ENTRYPOINT ["/usr/local/bin/integration-tests"]
