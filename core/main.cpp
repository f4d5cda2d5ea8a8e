// gantry: arguments → configuration → host → exit code. The commands are in core/cli.
#include "core/cli/cli.hpp"

int main(int argc, char** argv) { return gantry::cli::run(argc, argv); }
