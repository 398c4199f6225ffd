//! The `antenne` binary: everything is in the library, so that tests reach it.

/// Many small texts are made on one thread and freed on another: a fifth of an import's time goes to the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    antenne::cli::run()
}
