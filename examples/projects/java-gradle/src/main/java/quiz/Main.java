package quiz;

import com.google.gson.GsonBuilder;

/** Asks what it is told to ask, or the first question. */
public class Main {
    public static void main(String[] args) {
        int number = args.length > 0 ? Integer.parseInt(args[0]) : 0;
        System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(Questions.get(number)));
    }
}
