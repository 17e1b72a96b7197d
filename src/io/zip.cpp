#include "io/zip.hpp"

#include <zlib.h>

#include <cstdint>
#include <utility>

#include "core/error.hpp"

namespace heteroglass::io {
namespace {

constexpr std::size_t largest = std::size_t{1} << 30;  // a table of more is no table

class Archive {
 public:
  Archive(std::string path, std::string_view bytes) : path_(std::move(path)), bytes_(bytes) {}

  std::map<std::string, std::string> files(std::string_view prefix) const {
    const std::size_t end = bytes_.rfind("PK\x05\x06");
    if (end == std::string_view::npos) fail("its directory is missing: the file is cut off");
    std::map<std::string, std::string> out;
    std::size_t at = number(end + 16, 4);
    for (std::size_t n = number(end + 10, 2); n > 0; --n) {
      if (bytes_.substr(at, 4) != "PK\x01\x02") fail("its directory is damaged");
      const std::size_t name = number(at + 28, 2), extra = number(at + 30, 2), comment = number(at + 32, 2);
      const std::string_view title = part(at + 46, name);
      if (title.starts_with(prefix)) out.emplace(title, content(at));
      at += 46 + name + extra + comment;
    }
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw FormatError(path_, 0, "a ZIP archive must be whole: " + why); }

  std::string_view part(std::size_t from, std::size_t length) const {
    if (from > bytes_.size() || length > bytes_.size() - from) fail("the file is cut off");
    return bytes_.substr(from, length);
  }

  std::size_t number(std::size_t at, std::size_t bytes) const {
    const std::string_view s = part(at, bytes);
    std::size_t v = 0;
    for (std::size_t i = bytes; i-- > 0;) v = v * 256 + static_cast<unsigned char>(s[i]);
    return v;
  }

  /// Of the file that the directory entry at `entry` names.
  std::string content(std::size_t entry) const {
    const std::size_t method = number(entry + 10, 2), packed = number(entry + 20, 4), size = number(entry + 24, 4);
    const std::size_t local = number(entry + 42, 4);
    if (size > largest) fail("a file in it is larger than 1 GB");
    if (number(entry + 8, 2) & 1U) fail("it is locked by a password");
    const std::string_view data = part(local + 30 + number(local + 26, 2) + number(local + 28, 2), packed);
    if (method == 0) return std::string(data);
    if (method != 8) fail(fmt::format("compression method {} is not known here", method));
    return inflated(data, size);
  }

  std::string inflated(std::string_view data, std::size_t size) const {
    std::string out(size, '\0');
    z_stream z{};
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK) fail("unpacking cannot begin");
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    z.avail_in = static_cast<uInt>(data.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&z, Z_FINISH);
    const std::size_t got = z.total_out;
    inflateEnd(&z);
    if (status != Z_STREAM_END || got != size) fail("compressed data are damaged");
    return out;
  }

  std::string path_;
  std::string_view bytes_;
};

}  // namespace

std::map<std::string, std::string> unzip(const std::string& path, std::string_view archive, std::string_view prefix) {
  return Archive(path, archive).files(prefix);
}

}  // namespace heteroglass::io
