package app;

import java.util.List;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;
import org.apache.commons.text.WordUtils;

/** What there is to eat. */
final class Menu {
  final String title;
  final List<String> dishes = List.of("soup", "bread", "cheese");

  private Menu(String title) {
    this.title = title;
  }

  static Menu of(String day) {
    String text = StringSubstitutor.replace("the menu of ${day}", Map.of("day", day));
    return new Menu(WordUtils.capitalizeFully(text));
  }
}
