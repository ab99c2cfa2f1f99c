# Built from source, run without root. The binary holds its catalogue, templates and demonstration;
# the data lies in /data.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc g++ libc6-dev make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p courant-app

FROM debian:bookworm-slim
# ca-certificates: newsrooms' certificates are judged by the system's list.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home courant
COPY --from=build /src/target/release/courant /usr/local/bin/courant
USER courant
WORKDIR /data
ENV COURANT_DATA_DIR=/data
VOLUME /data
ENTRYPOINT ["courant"]
CMD ["run"]
