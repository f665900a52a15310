# The image of Polder's worker, API and command line, for docker-compose.yml.
# Python's packages come from the lock, each with its SHA-256, and nothing is
# compiled: what has no wheel does not get in.
ARG PYTHON=3.11-slim-trixie

FROM python:${PYTHON} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/runtime.txt /requirements.txt
RUN python -m venv /opt/polder \
 && /opt/polder/bin/pip install --require-hashes --only-binary :all: \
      --requirement /requirements.txt

FROM python:${PYTHON}
ENV PATH=/opt/polder/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app
RUN useradd --system --uid 10001 --no-create-home polder \
 && install --directory --owner=polder --mode=700 /keys /desk-key
COPY --from=packages /opt/polder /opt/polder
WORKDIR /app
# .dockerignore lets in the packages that run, and nothing else.
COPY . .
# Compiled once here, templates too: the file system is read-only where it runs.
RUN python -m compileall -q /app \
 && python -c "from pages.assets import Assets; from pages import rendering; \
      rendering.compile_all(rendering.make_environment(Assets()))" \
 && chmod --recursive a+rX /app/pages/__pycache__
USER polder
ENTRYPOINT ["python", "-m", "cli"]
CMD ["--help"]
