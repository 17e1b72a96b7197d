/// One reader for each format of images; read_image() chooses. All throw FormatError for what is damaged or is not an image.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/curve.hpp"
#include "core/image.hpp"

namespace heteroglass::io {

Image read_gwyddion(const std::string& path, std::string_view bytes);
Image read_gwyddion_field(const std::string& path, std::string_view bytes);
Image read_igor_wave(const std::string& path, std::string_view bytes);
Image read_nanoscope(const std::string& path, std::string_view bytes);
Image read_nanosurf(const std::string& path, std::string_view bytes);
Image read_text_matrix(const std::string& path, std::string_view bytes);
/// A TIFF, NRRD or MetaImage of one page.
Image read_plane(const std::string& path);

/// The spectra of a Nanosurf file: a Curve for each line of points.
std::vector<Curve> read_nanosurf_spectra(const std::string& path, std::string_view bytes);
/// Whether the head of a Nanosurf file tells of an image.
bool is_nanosurf_image(std::string_view head);

/// Rows from the bottom up become rows from the top down.
void turn_rows(std::vector<double>& values, std::size_t width);
/// width * height, kept within what a file of `bytes` bytes can hold. @throws FormatError
std::size_t pixel_count(const std::string& path, double width, double height, std::size_t bytes);
/// Length in nm of `value` in `unit`; 0, with a warning in `image`, when the unit is no length.
double nanometres(Image& image, double value, const std::string& unit, const std::string& what);
/// A channel; one whose size differs from that of the image is left out, and said.
void add_channel(Image& image, ImageChannel channel, std::size_t width, std::size_t height);
/// Settings in a note of `key: value` lines as Asylum Research writes it.
void add_asylum_note(Image& image, const std::vector<std::pair<std::string, std::string>>& note);

}  // namespace heteroglass::io
