#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "core/error.hpp"

int main(int argc, char** argv) {
  using namespace heteroglass;
  try {
    return cli::command_line(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return e.exit_code();
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "memory: the data must fit into the memory of this machine, and did not\n");
    return 5;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "internal error, please report it with the command: %s\n", e.what());
    return 1;
  }
}
