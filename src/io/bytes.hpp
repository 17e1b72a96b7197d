/// Numbers in a block of bytes, each read checked against its end.
#pragma once

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace heteroglass::io {

/// How a number is stored.
enum class Number { u8, i8, u16, i16, u32, i32, f32, f64 };

inline std::size_t bytes_of(Number n) {
  switch (n) {
    case Number::u8:
    case Number::i8:
      return 1;
    case Number::u16:
    case Number::i16:
      return 2;
    case Number::f64:
      return 8;
    default:
      return 4;
  }
}

class Bytes {
 public:
  /// `path` opens messages.
  Bytes(std::string_view data, std::string path, bool big_endian = false)
      : data_(data), path_(std::move(path)), swap_(big_endian != (std::endian::native == std::endian::big)) {}

  std::size_t position() const { return at_; }
  std::size_t left() const { return data_.size() - at_; }
  void seek(std::size_t position, const char* what) {
    if (position > data_.size()) truncated(what, position);
    at_ = position;
  }

  /// The next value. `what` is being read, for the message of a file that ends before it.
  template <class T> T get(const char* what) {
    T value;
    std::memcpy(&value, take(sizeof(T), what).data(), sizeof(T));
    return swap_ ? swapped(value) : value;
  }
  std::string_view take(std::size_t n, const char* what) {
    if (n > left()) truncated(what, at_ + n);
    at_ += n;
    return data_.substr(at_ - n, n);
  }
  /// Text up to the next zero byte, which is passed.
  std::string_view text(const char* what) {
    const std::size_t end = data_.find('\0', at_);
    if (end == std::string_view::npos) truncated(what, data_.size() + 1);
    const std::string_view t = data_.substr(at_, end - at_);
    at_ = end + 1;
    return t;
  }
  /// `n` numbers stored as `kind`.
  std::vector<double> numbers(Number kind, std::size_t n, const char* what) {
    if (n > left() / bytes_of(kind)) truncated(what, at_ + n * bytes_of(kind));
    std::vector<double> out(n);
    switch (kind) {
      case Number::u8:
        return fill<std::uint8_t>(out, what);
      case Number::i8:
        return fill<std::int8_t>(out, what);
      case Number::u16:
        return fill<std::uint16_t>(out, what);
      case Number::i16:
        return fill<std::int16_t>(out, what);
      case Number::u32:
        return fill<std::uint32_t>(out, what);
      case Number::i32:
        return fill<std::int32_t>(out, what);
      case Number::f32:
        return fill<float>(out, what);
      default:
        return fill<double>(out, what);
    }
  }

  [[noreturn]] void truncated(const char* what, std::size_t need) const {
    throw FormatError(path_, 0, fmt::format("is cut off: {} must reach to byte {}, and the file has {}", what, need, data_.size()));
  }

 private:
  template <class T> static T swapped(T value) {
    unsigned char b[sizeof(T)], r[sizeof(T)];
    std::memcpy(b, &value, sizeof(T));
    for (std::size_t i = 0; i < sizeof(T); ++i) r[i] = b[sizeof(T) - 1 - i];
    std::memcpy(&value, r, sizeof(T));
    return value;
  }
  template <class T> std::vector<double> fill(std::vector<double>& out, const char* what) {
    for (double& v : out) v = static_cast<double>(get<T>(what));
    return std::move(out);
  }

  std::string_view data_;
  std::string path_;
  bool swap_;
  std::size_t at_ = 0;
};

}  // namespace heteroglass::io
