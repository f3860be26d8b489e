# One binary in a small image. Build: docker build -t guichet .
# Run:   docker run --read-only --tmpfs /tmp -v guichet-data:/data -p 8080:8080 guichet
# Both stages are Debian 12: a binary linked against a newer C library would not start in the second one.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --package guichet

FROM debian:12-slim
# Everything that is written goes to /data: the rest of the file system can be read-only.
RUN groupadd --system --gid 10001 guichet \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin guichet \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
# The slim image has no certificates, and TLS to the ticket desk or the mail server needs them.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /build/target/release/guichet /usr/local/bin/guichet
USER 10001:10001
VOLUME /data
WORKDIR /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/guichet", "health", "--url", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["/usr/local/bin/guichet"]
CMD ["serve", "--listen", "0.0.0.0:8080", "--data-dir", "/data"]
