#include <fmt/format.h>
#include <tiffio.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/error.hpp"
#include "io/volume_file.hpp"

namespace heteroglass::io {
namespace {

struct Close {
  void operator()(TIFF* t) const { TIFFClose(t); }
};

/// libtiff's own messages are kept for the one line that a user sees.
thread_local std::string last_message;
void keep(const char*, const char* form, va_list arguments) {
  char text[512];
  std::vsnprintf(text, sizeof text, form, arguments);
  last_message = text;
}

struct Page {
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 1, samples = 1, kind = SAMPLEFORMAT_UINT;
  friend bool operator==(const Page&, const Page&) = default;
};

class TiffVolume : public Volume {
 public:
  explicit TiffVolume(const std::string& path) : path_(path) {
    TIFFSetErrorHandler(keep);
    TIFFSetWarningHandler(nullptr);
    last_message.clear();
    tiff_.reset(TIFFOpen(path.c_str(), "r"));
    if (!tiff_)
      throw FormatError(path, 0, fmt::format("must be a TIFF file: {}", last_message.empty() ? "it cannot be opened" : last_message));
    page_ = page(0);
    check();
    do {
      const Page p = page(offsets_.size());
      if (p != page_)
        throw FormatError(path, 0,
                          fmt::format("all pages must be alike, page {} is {} x {} of {} bits and the first {} x {} of {} bits",
                                      offsets_.size() + 1, p.width, p.height, p.bits, page_.width, page_.height, page_.bits));
      offsets_.push_back(TIFFCurrentDirOffset(tiff_.get()));
      last_message.clear();
    } while (TIFFReadDirectory(tiff_.get()));
    if (!last_message.empty())  // the last page of a whole file ends without a word
      throw FormatError(path, 0, fmt::format("damaged after page {}: {}", offsets_.size(), last_message));
  }

  std::array<std::size_t, 3> size() const override { return {page_.width, page_.height, offsets_.size()}; }
  std::string source() const override { return path_; }
  std::string stored_as() const override {
    return fmt::format("{}-bit {}", page_.bits,
                       page_.kind == SAMPLEFORMAT_IEEEFP ? "real"
                       : page_.kind == SAMPLEFORMAT_INT  ? "signed integer"
                                                         : "integer");
  }

  void plane(std::size_t z, std::span<float> out) const override {
    last_message.clear();
    if (!TIFFSetSubDirectory(tiff_.get(), offsets_.at(z))) damaged(z);
    if (TIFFIsTiled(tiff_.get()))
      tiles(z, out);
    else
      strips(z, out);
  }

 private:
  [[noreturn]] void damaged(std::size_t z) const {
    throw FormatError(
        path_, 0,
        fmt::format("page {} of {} cannot be read: {}", z + 1, offsets_.size(), last_message.empty() ? "truncated" : last_message));
  }

  Page page(std::size_t) const {
    Page p;
    TIFFGetField(tiff_.get(), TIFFTAG_IMAGEWIDTH, &p.width);
    TIFFGetField(tiff_.get(), TIFFTAG_IMAGELENGTH, &p.height);
    TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_BITSPERSAMPLE, &p.bits);
    TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_SAMPLESPERPIXEL, &p.samples);
    TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_SAMPLEFORMAT, &p.kind);
    return p;
  }

  void check() const {
    if (page_.samples != 1)
      throw FormatError(path_, 0, fmt::format("must hold grey values, one sample a pixel, got {} samples (colour?)", page_.samples));
    const bool real = page_.kind == SAMPLEFORMAT_IEEEFP;
    const bool known = real ? page_.bits == 32 || page_.bits == 64 : page_.bits == 8 || page_.bits == 16 || page_.bits == 32;
    if (!known) throw FormatError(path_, 0, fmt::format("grey values must have 8, 16 or 32 bits (reals 32 or 64), got {}", stored_as()));
    if (page_.width == 0 || page_.height == 0) throw FormatError(path_, 0, "must have pixels, got an empty page");
  }

  template <class T> static void copy(const void* from, std::size_t n, float* to) {
    const T* values = static_cast<const T*>(from);
    for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<float>(values[i]);
  }
  void converted(const void* from, std::size_t n, float* to) const {
    const bool is_signed = page_.kind == SAMPLEFORMAT_INT;
    if (page_.kind == SAMPLEFORMAT_IEEEFP) return page_.bits == 64 ? copy<double>(from, n, to) : copy<float>(from, n, to);
    if (page_.bits == 8) return is_signed ? copy<std::int8_t>(from, n, to) : copy<std::uint8_t>(from, n, to);
    if (page_.bits == 16) return is_signed ? copy<std::int16_t>(from, n, to) : copy<std::uint16_t>(from, n, to);
    return is_signed ? copy<std::int32_t>(from, n, to) : copy<std::uint32_t>(from, n, to);
  }

  void strips(std::size_t z, std::span<float> out) const {
    std::uint32_t rows = page_.height;
    TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_ROWSPERSTRIP, &rows);
    rows = std::min(rows, page_.height);
    std::vector<std::uint8_t> buffer(static_cast<std::size_t>(TIFFStripSize(tiff_.get())));
    for (std::uint32_t row = 0; row < page_.height; row += rows) {
      const std::size_t n = std::size_t{std::min(rows, page_.height - row)} * page_.width;
      const auto got =
          TIFFReadEncodedStrip(tiff_.get(), TIFFComputeStrip(tiff_.get(), row, 0), buffer.data(), static_cast<tmsize_t>(buffer.size()));
      if (got < static_cast<tmsize_t>(n * page_.bits / 8)) damaged(z);
      converted(buffer.data(), n, out.data() + std::size_t{row} * page_.width);
    }
  }

  void tiles(std::size_t z, std::span<float> out) const {
    std::uint32_t w = 0, h = 0;
    TIFFGetField(tiff_.get(), TIFFTAG_TILEWIDTH, &w);
    TIFFGetField(tiff_.get(), TIFFTAG_TILELENGTH, &h);
    std::vector<std::uint8_t> buffer(static_cast<std::size_t>(TIFFTileSize(tiff_.get())));
    std::vector<float> tile(std::size_t{w} * h);
    for (std::uint32_t y = 0; y < page_.height; y += h)
      for (std::uint32_t x = 0; x < page_.width; x += w) {
        if (TIFFReadTile(tiff_.get(), buffer.data(), x, y, 0, 0) < 0) damaged(z);
        converted(buffer.data(), tile.size(), tile.data());
        for (std::uint32_t r = 0; r < std::min(h, page_.height - y); ++r)
          std::memcpy(out.data() + std::size_t{y + r} * page_.width + x, tile.data() + std::size_t{r} * w,
                      sizeof(float) * std::min(w, page_.width - x));
      }
  }

  std::string path_;
  std::unique_ptr<TIFF, Close> tiff_;
  Page page_;
  std::vector<toff_t> offsets_;
};

}  // namespace

std::unique_ptr<Volume> open_tiff(const std::string& path) { return std::make_unique<TiffVolume>(path); }

}  // namespace heteroglass::io
