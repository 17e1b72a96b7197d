/// Text of any usual encoding as UTF-8.
///
/// UTF-8 and UTF-16 (with or without a byte order mark) are told for certain. Of what remains, two-byte encodings are told by
/// the structure of their bytes (GB18030: pairs from A1 up; Shift-JIS: its lead bytes with kana), CP437 by its degree sign
/// F8 and the letters behind it, and everything else is CP1252, which holds Latin-1.
#pragma once

#include <string>
#include <string_view>

namespace heteroglass::io {

struct DecodedText {
  std::string text;      ///< UTF-8 without a byte order mark, lines ended by \n
  std::string encoding;  ///< "UTF-8", "UTF-16LE", "CP437", ...
};

/// @throws FormatError for bytes that the encoding does not have. `path` opens the message.
DecodedText decoded(std::string_view bytes, const std::string& path);
/// The same for the beginning of a file, which may end inside a character; never throws.
DecodedText decoded_head(std::string_view bytes);
/// Whole file, unpacked when gzipped.
DecodedText decoded_file(const std::string& path);

}  // namespace heteroglass::io
