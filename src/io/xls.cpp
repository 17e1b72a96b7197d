#include <freexl.h>

#include <algorithm>
#include <optional>

#include "core/error.hpp"
#include "io/instrument.hpp"
#include "io/isolated.hpp"
#include "io/sheets.hpp"

namespace heteroglass::io {
namespace {

std::string cell_text(const void* book, unsigned row, unsigned short column) {
  FreeXL_CellValue cell{};
  if (freexl_get_cell_value(book, row, column, &cell) != FREEXL_OK) return {};
  switch (cell.type) {
    case FREEXL_CELL_INT:
      return fmt::format("{}", cell.value.int_value);
    case FREEXL_CELL_DOUBLE:
      return fmt::format("{}", cell.value.double_value);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
      return cell.value.text_value ? cell.value.text_value : "";
    default:
      return {};
  }
}

/// Cells and names as one text, for the way from the reading process: fields end with a zero byte, which no cell holds.
constexpr char row_mark = 'r', sheet_mark = 's', error_mark = 'e';

void append(std::string& out, char mark, const std::string& text) { out += mark, out += text.c_str(), out += '\0'; }

/// The reader's library is known to crash on damaged files: this runs in a process of its own.
std::string serialised(const std::string& path) {
  std::string out;
  const void* handle = nullptr;
  if (const int status = freexl_open(path.c_str(), &handle); status != FREEXL_OK) {
    append(out, error_mark, fmt::format("{}", status));
    return out;
  }
  unsigned count = 0;
  freexl_get_info(handle, FREEXL_BIFF_SHEET_COUNT, &count);
  for (unsigned short s = 0; s < static_cast<unsigned short>(std::min(count, 65535U)); ++s) {
    const char* name = nullptr;
    unsigned rows = 0;
    unsigned short columns = 0;
    if (freexl_get_worksheet_name(handle, s, &name) != FREEXL_OK || freexl_select_active_worksheet(handle, s) != FREEXL_OK ||
        freexl_worksheet_dimensions(handle, &rows, &columns) != FREEXL_OK)
      continue;
    append(out, sheet_mark, name ? name : "");
    for (unsigned r = 0; r < rows; ++r) {
      append(out, row_mark, fmt::format("{}", columns));
      for (unsigned short c = 0; c < columns; ++c) out += cell_text(handle, r, c).c_str(), out += '\0';
    }
  }
  freexl_close(handle);
  return out;
}

std::string field(const std::string& bytes, std::size_t& at) {
  const std::string text = bytes.c_str() + at;
  at += text.size() + 1;
  return text;
}

}  // namespace

std::vector<Curve> read_xls(const std::string& path) {
  const std::string damaged = "the workbook must be an undamaged Excel file without password";
  const std::optional<std::string> bytes = isolated([&] { return serialised(path); });
  if (!bytes) throw FormatError(path, 0, damaged + ", and its reader crashed on it");
  std::vector<Sheet> sheets;
  for (std::size_t at = 0; at < bytes->size();) {
    const char mark = (*bytes)[at++];
    const std::string text = field(*bytes, at);
    if (mark == error_mark) throw FormatError(path, 0, fmt::format("{}, got error {} of the reader", damaged, text));
    if (mark == sheet_mark) {
      sheets.push_back({text, {}});
      continue;
    }
    Sheet& sheet = sheets.back();
    SheetRow row{sheet.rows.size() + 1, {}, false};
    for (unsigned long c = std::stoul(text); c > 0; --c) row.cells.push_back(field(*bytes, at));
    sheet.rows.push_back(std::move(row));
  }
  return curves_of_sheets(path, std::move(sheets));
}

}  // namespace heteroglass::io
