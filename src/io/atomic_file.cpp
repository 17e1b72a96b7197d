#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "core/error.hpp"

namespace heteroglass::io {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  /// Closing can be the call that reports a full disk.
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

[[noreturn]] void fail(const fs::path& path, const char* must, int error) {
  throw FormatError(path.string(), 0, fmt::format("{}, got '{}'", must, std::strerror(error)));
}

std::string gzipped(const fs::path& path, std::string_view content) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw FormatError(path.string(), 0, "compression must start, got no memory");
  std::string out;
  std::string chunk(std::size_t{1} << 18, '\0');
  std::size_t taken = 0;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0 && taken < content.size()) {
      const std::size_t n = std::min<std::size_t>(content.size() - taken, std::size_t{1} << 30);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data() + taken));
      stream.avail_in = static_cast<uInt>(n);
      taken += n;
    }
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    status = deflate(&stream, taken == content.size() ? Z_FINISH : Z_NO_FLUSH);
    out.append(chunk.data(), chunk.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return out;
}

/// 0 or errno.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), std::min<std::size_t>(content.size(), std::size_t{1} << 30));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// Devices and pipes cannot be replaced by a rename: they are written as they are.
void write_in_place(const fs::path& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) fail(path, "the file must be writable", errno);
  if (const int error = write_all(file.get(), content)) fail(path, "the file must be written whole", error);
}

fs::path temporary_name(const fs::path& target) {
  static std::atomic<unsigned> counter{0};
  return target.parent_path() / fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), counter++);
}

void sync_folder(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const Descriptor d(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (d.get() >= 0) static_cast<void>(::fsync(d.get()));
}

void replace_file(const fs::path& path, std::string_view content) {
  std::error_code ignored;
  const fs::path target = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path) : path;
  const fs::path temporary = temporary_name(target);
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) fail(path, "the file must be writable", errno);
  int error = write_all(file.get(), content);
  if (!error && ::fsync(file.get()) != 0 && errno != EINVAL) error = errno;
  if (file.close() != 0 && !error) error = errno;
  if (!error && ::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error) {
    ::unlink(temporary.c_str());
    fail(path, "the file must be written whole", error);
  }
  sync_folder(target);
}

}  // namespace

void write_file(const fs::path& path, std::string_view content) {
  std::string packed;
  if (path.extension() == ".gz") {
    packed = gzipped(path, content);
    content = packed;
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    if (S_ISDIR(info.st_mode)) fail(path, "the path must be a file", EISDIR);
    return write_in_place(path, content);
  }
  replace_file(path, content);
}

std::string read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(path, "the file must be readable", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode)) fail(path, "the path must be a file", EISDIR);
  gzFile stream = gzdopen(::dup(file.get()), "rb");  // reads plain files as they are
  if (!stream) throw FormatError(path.string(), 0, "the file must be readable, got no memory");
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> guard(stream, &gzclose);
  gzbuffer(stream, 1 << 18);
  std::string content;
  std::size_t used = 0;
  if (S_ISREG(info.st_mode) && info.st_size > 0) content.resize(static_cast<std::size_t>(info.st_size) + 1);
  while (true) {
    if (used == content.size()) content.resize(std::max<std::size_t>(2 * used, std::size_t{1} << 16));
    const int n =
        gzread(stream, content.data() + used, static_cast<unsigned>(std::min<std::size_t>(content.size() - used, std::size_t{1} << 30)));
    if (n <= 0) break;
    used += static_cast<std::size_t>(n);
  }
  int status = Z_OK;
  const char* reason = gzerror(stream, &status);
  if (status != Z_OK && status != Z_STREAM_END)
    throw FormatError(path.string(), 0,
                      fmt::format("compressed data must be whole, got '{}'", status == Z_ERRNO ? std::strerror(errno) : reason));
  content.resize(used);
  return content;
}

}  // namespace heteroglass::io
