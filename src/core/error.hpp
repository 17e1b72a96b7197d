/// Errors a user can meet, one class for each exit code.
///
/// The text of each is one line: where, what must hold, and the value that was got.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace heteroglass {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  virtual int exit_code() const { return 1; }
};

/// A usage error or a value out of range (exit code 2).
class InputError : public Error {
 public:
  using Error::Error;
  int exit_code() const override { return 2; }
};

/// An unreadable, inconsistent or unwritable file (exit code 3). `line` 0: the file as a whole.
class FormatError : public Error {
 public:
  FormatError(const std::string& path, std::size_t line, const std::string& what)
      : Error(line ? fmt::format("{}:{}: {}", path, line, what) : fmt::format("{}: {}", path, what)) {}
  int exit_code() const override { return 3; }
};

/// An external engine (LAMMPS) failed or is missing (exit code 4).
class EngineError : public Error {
 public:
  using Error::Error;
  int exit_code() const override { return 4; }
};

/// A numerical method did not converge (exit code 5).
class NumericalError : public Error {
 public:
  using Error::Error;
  int exit_code() const override { return 5; }
};

/// The user asked to stop (Ctrl-C). Exit code 130, as shells have it.
class Interrupted : public Error {
 public:
  Interrupted() : Error("stopped on request; finished work is kept, run the same command again to go on") {}
  int exit_code() const override { return 130; }
};

}  // namespace heteroglass
