#include "report/png.hpp"

#include <zlib.h>

#include <stdexcept>
#include <vector>

namespace heteroglass::report {
namespace {

void append_big_endian(std::string& out, std::uint32_t v) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>((v >> shift) & 0xFF);
}

void append_chunk(std::string& out, const std::string& name, const std::string& data) {
  append_big_endian(out, static_cast<std::uint32_t>(data.size()));
  const std::string body = name + data;
  out += body;
  append_big_endian(out, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
}

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
                9) != Z_OK)
    throw std::runtime_error("png: compression failed");
  out.resize(size);
  return out;
}

}  // namespace

std::string png(std::size_t width, std::size_t height, std::span<const std::uint8_t> pixels, std::span<const Colour> palette,
                std::size_t transparent) {
  std::string out = "\x89PNG\r\n\x1a\n", header, colours, rows;
  append_big_endian(header, static_cast<std::uint32_t>(width));
  append_big_endian(header, static_cast<std::uint32_t>(height));
  header += std::string("\x08\x03\x00\x00\x00", 5);  // 8 bits, palette
  for (const Colour& c : palette) colours.append({static_cast<char>(c[0]), static_cast<char>(c[1]), static_cast<char>(c[2])});
  for (std::size_t y = 0; y < height; ++y) {
    rows += '\0';  // no filter
    rows.append(reinterpret_cast<const char*>(pixels.data()) + y * width, width);
  }
  append_chunk(out, "IHDR", header);
  append_chunk(out, "PLTE", colours);
  if (transparent < palette.size()) append_chunk(out, "tRNS", std::string(transparent, '\xFF') + '\0');
  append_chunk(out, "IDAT", deflated(rows));
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace heteroglass::report
