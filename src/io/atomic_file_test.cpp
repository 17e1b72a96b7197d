#include "io/atomic_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "core/error.hpp"

namespace heteroglass::io {
namespace {

namespace fs = std::filesystem;

class AtomicFile : public testing::Test {
 protected:
  AtomicFile() : folder_(fs::temp_directory_path() / ("heteroglass-atomic-" + std::to_string(::getpid()))) {
    fs::create_directory(folder_);
  }
  ~AtomicFile() override { fs::remove_all(folder_); }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator())); }
  fs::path folder_;
};

// FIPS 180-4 example values.
TEST_F(AtomicFile, Sha256OfKnownMessages) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(AtomicFile, WritesReadsAndHashes) {
  const fs::path file = folder_ / "a.txt";
  write_file(file, "one");
  write_file(file, "abc");
  EXPECT_EQ(read_file(file), "abc");
  EXPECT_EQ(sha256_file(file), sha256("abc"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFile, CompressesByExtension) {
  const std::string text(300000, 'x');
  write_file(folder_ / "a.gz", text);
  EXPECT_LT(fs::file_size(folder_ / "a.gz"), 10000U);
  EXPECT_EQ(read_file(folder_ / "a.gz"), text);
}

TEST_F(AtomicFile, CutCompressedFileIsAnError) {
  write_file(folder_ / "a.gz", std::string(300000, 'x'));
  fs::resize_file(folder_ / "a.gz", 100);
  EXPECT_THROW(read_file(folder_ / "a.gz"), FormatError);
}

TEST_F(AtomicFile, FullDeviceIsAnErrorAndStaysADevice) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  EXPECT_THROW(write_file("/dev/full", "text"), FormatError);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(AtomicFile, FailedWriteLeavesTheOldFileAndNothingElse) {
  const fs::path file = folder_ / "a.txt";
  write_file(file, "old");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(write_file(file, std::string(100000, 'x')), FormatError);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(read_file(file), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFile, MissingFolderAndFolderAsFile) {
  EXPECT_THROW(write_file(folder_ / "no" / "a.txt", "x"), FormatError);
  EXPECT_THROW(write_file(folder_, "x"), FormatError);
  EXPECT_THROW(read_file(folder_), FormatError);
  EXPECT_THROW(read_file(folder_ / "none"), FormatError);
}

TEST_F(AtomicFile, ALinkIsWrittenThrough) {
  write_file(folder_ / "real.txt", "1");
  fs::create_symlink("real.txt", folder_ / "link.txt");
  write_file(folder_ / "link.txt", "2");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.txt"));
  EXPECT_EQ(read_file(folder_ / "real.txt"), "2");
}

}  // namespace
}  // namespace heteroglass::io
