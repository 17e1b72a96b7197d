#include "io/encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <cerrno>

#include "core/error.hpp"
#include "io/atomic_file.hpp"

namespace heteroglass::io {
namespace {

using Byte = unsigned char;

Byte at(std::string_view s, std::size_t i) { return i < s.size() ? static_cast<Byte>(s[i]) : Byte{0}; }

/// Length of the valid UTF-8 at the beginning.
std::size_t valid_utf8(std::string_view s) {
  std::size_t i = 0;
  while (i < s.size()) {
    const Byte c = at(s, i);
    const std::size_t n = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
    if (n == 0 || i + n > s.size()) return i;
    for (std::size_t k = 1; k < n; ++k)
      if ((at(s, i + k) & 0xC0) != 0x80) return i;
    i += n;
  }
  return i;
}

/// Zero bytes in every other place: UTF-16 of mostly western text.
std::string utf16(std::string_view s) {
  if (s.starts_with("\xFF\xFE")) return "UTF-16LE";
  if (s.starts_with("\xFE\xFF")) return "UTF-16BE";
  std::size_t even = 0, odd = 0;
  const std::size_t n = std::min<std::size_t>(s.size(), 4096) & ~std::size_t{1};
  for (std::size_t i = 0; i < n; ++i) (i % 2 == 0 ? even : odd) += s[i] == '\0';
  if (n >= 8 && odd > n * 2 / 5 && even < n / 50) return "UTF-16LE";
  if (n >= 8 && even > n * 2 / 5 && odd < n / 50) return "UTF-16BE";
  return {};
}

/// Signs of units and German letters, which may stand side by side in western text: "m²·K", "Größe".
bool is_western_sign(Byte c) {
  static constexpr std::string_view signs = "\xA0\xB0\xB1\xB2\xB3\xB5\xB7\xB9\xBA\xD7\xC5\xE5\xE4\xF6\xFC\xDF\xC4\xD6\xDC\xE9\xE8";
  return signs.find(static_cast<char>(c)) != std::string_view::npos;
}

/// Chinese text: all bytes above ASCII come in pairs, both from A1 up.
bool is_chinese(std::string_view s) {
  bool any = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (at(s, i) < 0x80) continue;
    if (at(s, i) < 0xA1 || at(s, i) == 0xFF || at(s, i + 1) < 0xA1 || at(s, i + 1) == 0xFF) return false;
    any = any || !is_western_sign(at(s, i)) || !is_western_sign(at(s, i + 1));
    ++i;
  }
  return any;
}

/// Japanese text: valid throughout, with kana or the sign for degrees Celsius.
bool is_japanese(std::string_view s) {
  bool japanese = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const Byte c = at(s, i), d = at(s, i + 1);
    if (c < 0x80 || (c >= 0xA1 && c <= 0xDF)) continue;
    const bool lead = (c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC);
    if (!lead || d < 0x40 || d == 0x7F || d > 0xFC) return false;
    japanese = japanese || (c == 0x82 && d >= 0x9F) || (c == 0x83 && d >= 0x40 && d <= 0x96) || (c == 0x81 && d == 0x8E);
    ++i;
  }
  return japanese;
}

/// The degree sign of DOS before C, or before a closing bracket.
bool is_dos(std::string_view s) {
  for (std::size_t i = 0; i + 1 < s.size(); ++i) {
    if (at(s, i) == 0xB0 && (s[i + 1] == 'C' || s[i + 1] == ')')) return false;
    if (at(s, i) == 0xF8 && (s[i + 1] == 'C' || s[i + 1] == ')' || s[i + 1] == 'F')) return true;
  }
  return false;
}

std::string encoding_of(std::string_view s) {
  if (std::string wide = utf16(s); !wide.empty()) return wide;
  if (valid_utf8(s) + 4 > s.size() && (valid_utf8(s) == s.size() || s.size() > 64)) return "UTF-8";
  if (is_chinese(s)) return "GB18030";
  if (is_japanese(s)) return "SHIFT-JIS";
  return is_dos(s) ? "CP437" : "CP1252";
}

/// The bytes that have no meaning in CP1252 stay what they are in Latin-1.
std::string converted(std::string_view bytes, std::string encoding, bool whole, const std::string& path) {
  if (encoding == "SHIFT-JIS") encoding = "CP932";
  if (encoding == "CP1252" && bytes.find_first_of("\x81\x8D\x8F\x90\x9D") != std::string_view::npos) encoding = "ISO-8859-1";
  iconv_t state = iconv_open("UTF-8", encoding.c_str());
  if (state == iconv_t(-1))  // NOLINT(performance-no-int-to-ptr): as iconv_open says that it failed
    throw FormatError(path, 0, "text in " + encoding + " cannot be read here: the system's iconv does not know it");
  std::string out(bytes.size() * 3 + 16, '\0');
  char *from = const_cast<char*>(bytes.data()), *to = out.data();
  std::size_t left = bytes.size(), room = out.size();
  const std::size_t status = iconv(state, &from, &left, &to, &room);
  iconv_close(state);
  if (status == std::size_t(-1) && whole)
    throw FormatError(path, 1 + static_cast<std::size_t>(std::count(bytes.data(), static_cast<const char*>(from), '\n')),
                      "text must be readable as " + encoding + ", and holds other bytes");
  out.resize(out.size() - room);
  return out;
}

DecodedText decode(std::string_view bytes, bool whole, const std::string& path) {
  DecodedText d;
  d.encoding = encoding_of(bytes);
  if (d.encoding == "UTF-8") {
    if (whole && valid_utf8(bytes) < bytes.size())
      throw FormatError(path, 0, "text must be readable as UTF-8, and ends inside a character");
    d.text = std::string(bytes.substr(0, valid_utf8(bytes)));
  } else {
    d.text = converted(bytes, d.encoding, whole, path);
  }
  if (d.text.starts_with("\xEF\xBB\xBF")) d.text.erase(0, 3);
  // \r\n and \r alone both end a line
  if (d.text.find('\n') == std::string::npos) std::replace(d.text.begin(), d.text.end(), '\r', '\n');
  std::erase(d.text, '\r');
  return d;
}

}  // namespace

DecodedText decoded(std::string_view bytes, const std::string& path) { return decode(bytes, true, path); }
DecodedText decoded_head(std::string_view bytes) { return decode(bytes, false, ""); }
DecodedText decoded_file(const std::string& path) { return decoded(read_file(path), path); }

}  // namespace heteroglass::io
