#include "io/text_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/error.hpp"
#include "io/number.hpp"

namespace heteroglass::io {
namespace {

constexpr std::size_t piece = std::size_t{1} << 22;

[[noreturn]] void unreadable(const std::string& path, int error) {
  throw FormatError(path, 0, fmt::format("the file must be readable, got '{}'", std::strerror(error)));
}

/// A file that vanishes when it is closed.
int nameless_file(const std::string& path) {
  std::string name = (std::filesystem::temp_directory_path() / "heteroglass-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  if (fd < 0) throw FormatError(path, 0, fmt::format("unpacking needs room in {}, got '{}'", name, std::strerror(errno)));
  ::unlink(name.c_str());
  return fd;
}

}  // namespace

TextSource::TextSource(const std::string& path) : path_(path) {
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) unreadable(path, errno);
  struct stat info {};
  const int status = ::fstat(fd_, &info);
  if (status != 0 || !S_ISREG(info.st_mode)) {
    const int error = status != 0 ? errno : S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
    ::close(fd_);
    unreadable(path, error);
  }
  size_ = static_cast<std::size_t>(info.st_size);
  try {
    const Buffer magic = read(0, 2);
    compressed_ = magic.view() == "\x1f\x8b";
    if (compressed_) unpack();
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

TextSource::~TextSource() { ::close(fd_); }

void TextSource::unpack() {
  ::lseek(fd_, 0, SEEK_SET);
  gzFile stream = gzdopen(::dup(fd_), "rb");
  if (!stream) unreadable(path_, ENOMEM);
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> guard(stream, &gzclose);
  gzbuffer(stream, 1 << 18);
  // Pages of a nameless file are dropped under memory pressure, memory is not.
  const int out = nameless_file(path_);
  Buffer buffer(piece);
  std::size_t total = 0;
  int n = 0;
  while ((n = gzread(stream, buffer.data(), static_cast<unsigned>(piece))) > 0) {
    for (ssize_t done = 0, k = 0; done < n; done += k) {
      k = ::write(out, buffer.data() + done, static_cast<std::size_t>(n - done));
      if (k < 0) {
        const int error = errno;
        ::close(out);
        throw FormatError(path_, 0, fmt::format("unpacking needs room in the temporary folder, got '{}'", std::strerror(error)));
      }
    }
    total += static_cast<std::size_t>(n);
  }
  int status = Z_OK;
  static_cast<void>(gzerror(stream, &status));
  cut_ = n < 0 || status != Z_OK;
  ::close(fd_);
  fd_ = out;
  size_ = total;
  if (cut_ && total == 0) throw FormatError(path_, 0, "compressed data must be whole, got none that can be unpacked");
}

Buffer TextSource::read(std::size_t offset, std::size_t length) const {
  length = offset < size_ ? std::min(length, size_ - offset) : 0;
  Buffer buffer(length);
  std::size_t done = 0;
  while (done < length) {
    const ssize_t n = ::pread(fd_, buffer.data() + done, length - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) unreadable(path_, errno);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  buffer.shrink(done);
  return buffer;
}

std::size_t TextSource::line_number(std::size_t offset) const {
  std::size_t count = 1;
  for (std::size_t at = 0; at < offset; at += piece) {
    const Buffer buffer = read(at, std::min(piece, offset - at));
    count += static_cast<std::size_t>(std::count(buffer.view().begin(), buffer.view().end(), '\n'));
  }
  return count;
}

bool Lines::next(std::string_view& line) {
  if (position_ >= text_.size()) return false;
  const std::size_t end = std::min(text_.find('\n', position_), text_.size());
  line = text_.substr(position_, end - position_);
  position_ = end + 1;
  if (position_ > text_.size()) position_ = text_.size();
  ++number_;
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> result;
  const char *p = line.data(), *end = p + line.size();
  for (p = skip_blanks(p, end); p < end; p = skip_blanks(p, end)) {
    const char* behind = token_end(p, end);
    if (behind == p) break;
    result.emplace_back(p, static_cast<std::size_t>(behind - p));
    p = behind;
  }
  return result;
}

std::string excerpt(std::string_view text) {
  std::string shown(trimmed(text.substr(0, 60)));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = '?';
  return text.size() > 60 ? shown + "..." : shown;
}

}  // namespace heteroglass::io
