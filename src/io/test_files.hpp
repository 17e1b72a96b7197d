/// A folder for the files of one test, and short ways to fill it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "io/atomic_file.hpp"

namespace heteroglass::io::test {

class Folder : public testing::Test {
 protected:
  Folder() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("heteroglass-") + info->test_suite_name() + "-" + info->name() + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~Folder() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string file(const std::string& name, std::string_view content) const {
    write_file(folder_ / name, content);
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

/// The message of the error that `call` throws, or "no error".
template <class Call> std::string message(Call&& call) {
  try {
    call();
  } catch (const Error& e) {
    return std::to_string(e.exit_code()) + " " + e.what();
  }
  return "no error";
}

}  // namespace heteroglass::io::test
