package app;

import com.google.gson.GsonBuilder;

/** Prints the menu of a day. */
public final class Main {
  public static void main(String[] args) {
    String day = args.length > 0 ? args[0] : "today";
    System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(Menu.of(day)));
  }
}
